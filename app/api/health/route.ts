import { checkDatabaseHealth } from "@/lib/db/health";
import { refusedWebhooks } from "@/lib/webhook-events/refusals";

/** Asked anew on every call: without this Next would answer with what it saw while building. */
export const dynamic = "force-dynamic";

export async function GET(): Promise<Response> {
  const health = await checkDatabaseHealth();
  return Response.json(
    { ...health, webhooks: { refused: refusedWebhooks() } },
    { status: health.healthy ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
