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

const offline = () =>
  new ApiError(0, "OFFLINE", "The server cannot be reached. Check your connection and try again.");

async function request<T>(method: string, path: string, body?: BodyInit, contentType?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && { body }),
    ...(contentType && { headers: { "content-type": contentType } }),
  }).catch(() => {
    throw offline();
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw failure(response.status, answer);
}

function failure(status: number, answer: { error?: Partial<ApiError> } | null): ApiError {
  const { code = "INTERNAL", message = "Something went wrong", fields } = answer?.error ?? {};
  if (code === "UNAUTHENTICATED") signInAgain();
  return new ApiError(status, code, message, fields);
}

function signInAgain(): void {
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in${queryString({ reason: "ended", callbackUrl: pathname + search })}`);
}

export type UploadOptions = {
  /** The share that has left, from 0 to 1; at 1 the server has it and looks at it. */
  onProgress?: (share: number) => void;
  /** Rejects with the signal's reason. */
  signal?: AbortSignal;
};

/** `fetch` cannot tell how much of a body has left. */
function upload<T>(path: string, file: Blob, { onProgress, signal }: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", path);
    sending.setRequestHeader("content-type", "application/octet-stream");
    sending.responseType = "json";
    sending.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    sending.onerror = () => reject(offline());
    sending.onload = () => {
      const { status, response } = sending;
      if (status >= 200 && status < 300) resolve(response);
      else reject(failure(status, response));
    };
    signal?.addEventListener("abort", () => {
      sending.abort();
      reject(signal.reason);
    });
    sending.send(file);
  });
}

const json = (body: unknown) => JSON.stringify(body ?? {});

/** The browser's way to our own routes. Rejects with ApiError only. */
export const api = {
  get: <T>(path: string) => request<T>("GET", path),
  post: <T>(path: string, body?: unknown) => request<T>("POST", path, json(body), "application/json"),
  patch: <T>(path: string, body: unknown) => request<T>("PATCH", path, json(body), "application/json"),
  delete: <T>(path: string) => request<T>("DELETE", path),
  upload,
};

/** Query string of the given values, without the empty ones. */
export function queryString(values: Record<string, string | number | boolean | null | undefined>): string {
  const entries = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return text && `?${text}`;
}
