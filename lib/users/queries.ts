import { api } from "@/lib/api-client";
import type {
  ChangePassword,
  ConnectionInput,
  ConnectionReport,
  Profile,
  SendingSettings,
  SignUp,
} from "@/lib/users/schema";
import type { Retention } from "@/lib/webhook-events/schema";

export const signUp = (input: SignUp) => api.post<{ id: string }>("/api/sign-up", input);

export const updateProfile = (input: Profile) => api.patch<null>("/api/account", input);

export const updateSending = (input: SendingSettings) => api.patch<null>("/api/account/sending", input);

export const updateRetention = (input: Retention) => api.patch<null>("/api/account/retention", input);

export const changePassword = (input: ChangePassword) => api.post<null>("/api/account/password", input);

export const signOutEverywhere = () => api.delete<null>("/api/account/sessions");

export const connectWhatsApp = (input: ConnectionInput) =>
  api.post<ConnectionReport>("/api/account/connection", input);

export const connectSandbox = () => api.post<ConnectionReport>("/api/account/connection/sandbox");

export const checkConnection = () => api.post<ConnectionReport>("/api/account/connection/check");

export const disconnectWhatsApp = () => api.delete<null>("/api/account/connection");
