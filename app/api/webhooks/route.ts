import { readWebBody } from "@/lib/webhook-events/http";
import { ingestWebhook, isVerifyToken } from "@/lib/webhook-events/service";

/** Next gives a route without parameters no object at all. */
type Context = { params: Promise<{ accountKey?: string } | undefined> };

/** Meta's handshake when a webhook is configured: the challenge comes back as plain text. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const { accountKey } = (await params) ?? {};
  const isKnown =
    query.get("hub.mode") === "subscribe" &&
    (await isVerifyToken(query.get("hub.verify_token") ?? "", accountKey));
  return isKnown
    ? new Response(query.get("hub.challenge"), { headers: { "content-type": "text/plain" } })
    : new Response(null, { status: 403 });
}

/** `next dev` and serverless hosts; the self-hosted server answers POST before Next (server.ts). */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const body = await readWebBody(request);
  if (!body) return new Response(null, { status: 413 });
  const { accountKey } = (await params) ?? {};
  const status = await ingestWebhook(body, request.headers.get("x-hub-signature-256"), accountKey);
  return new Response(null, { status });
}
