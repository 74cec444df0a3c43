import { request } from "undici";
import { badParameter, GraphError, missingParameter } from "./graph-error";
import { newObjectId } from "./ids";
import type { Callback } from "./model";

/** "Override the callback URL": at most 200 characters, and a verify token with it. */
export function readCallback(uri: unknown, verifyToken: unknown): Callback {
  if (
    typeof uri !== "string" ||
    !URL.canParse(uri) ||
    !/^https?:$/.test(new URL(uri).protocol) ||
    uri.length > 200
  ) {
    throw badParameter("Param override_callback_uri must be a valid URI of at most 200 characters.");
  }
  if (typeof verifyToken !== "string" || verifyToken === "") throw missingParameter("verify_token");
  return { uri, verifyToken };
}

/** "Webhooks > Verification requests": the callback has to answer 200 with the challenge as its whole body. */
export async function verifyCallback({ uri, verifyToken }: Callback, timeoutMs: number): Promise<void> {
  const challenge = newObjectId(10);
  const target = new URL(uri);
  target.searchParams.set("hub.mode", "subscribe");
  target.searchParams.set("hub.challenge", challenge);
  target.searchParams.set("hub.verify_token", verifyToken);
  const problem = await ask(target, challenge, timeoutMs);
  if (problem !== null) {
    throw new GraphError(2200, {
      message: `(#2200) Callback verification failed with the following errors: ${problem}`,
    });
  }
}

async function ask(target: URL, challenge: string, timeoutMs: number): Promise<string | null> {
  try {
    const { statusCode, body } = await request(target, {
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      headers: { "user-agent": "facebookplatform/1.0" },
    });
    const text = await body.text();
    if (statusCode !== 200) return `HTTP Status Code = ${statusCode}`;
    return text.trim() === challenge ? null : "The challenge was not echoed";
  } catch {
    return "curl_errno = 7; curl_error = Failed to connect";
  }
}
