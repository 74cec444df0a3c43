import { userRoute } from "@/lib/http";
import { connectionSchema } from "@/lib/users/schema";
import { connectWhatsApp, disconnectWhatsApp } from "@/lib/users/service";

export const POST = userRoute({ body: connectionSchema }, ({ userId, body }) =>
  connectWhatsApp(userId, body),
);

export const DELETE = userRoute({}, ({ userId }) => disconnectWhatsApp(userId));
