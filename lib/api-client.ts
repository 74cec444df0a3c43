import type { FieldErrors } from "@/lib/errors";

/** A failure the server explained; `fields` belongs beside the form's fields. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: FieldErrors = {},
  ) {
    super(message);
  }
}

async function request<T>(method: string, path: string, body?: BodyInit, contentType?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body }),
    ...(contentType && { headers: { "content-type": contentType } }),
  }).catch(() => {
    throw new ApiError(0, "OFFLINE", "The server cannot be reached. Check your connection and try again.");
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  const { code = "INTERNAL", message = "Something went wrong", fields } = answer?.error ?? {};
  if (code === "UNAUTHENTICATED") window.location.assign("/sign-in");
  throw new ApiError(response.status, code, message, fields);
}

const json = (body: unknown) => JSON.stringify(body ?? {});

/** The browser's way to our own routes. Rejects with ApiError only. */
export const api = {
  get: <T>(path: string) => request<T>("GET", path),
  post: <T>(path: string, body?: unknown) => request<T>("POST", path, json(body), "application/json"),
  patch: <T>(path: string, body: unknown) => request<T>("PATCH", path, json(body), "application/json"),
  delete: <T>(path: string) => request<T>("DELETE", path),
  upload: <T>(path: string, file: Blob) => request<T>("POST", path, file, "application/octet-stream"),
};

/** Query string of the given values, without the empty ones. */
export function queryString(values: Record<string, string | number | boolean | null | undefined>): string {
  const entries = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return text && `?${text}`;
}
