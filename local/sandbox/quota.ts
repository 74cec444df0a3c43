import { GraphError } from "./graph-error";
import type { Settings } from "./settings";

const hourMs = 3600 * 1000;

export type Quota = ReturnType<typeof createQuota>;

/** "Rate limits" of the Business Management API: calls per hour, app and account; sends are not counted. */
export function createQuota(settings: Settings) {
  const hours = new Map<string, { start: number; calls: number }>();
  return {
    /** Counts a call and gives the header that tells how much is used, in percent. */
    take: (wabaId: string): Record<string, string> => {
      const now = Date.now();
      const known = hours.get(wabaId);
      const hour = known && now - known.start < hourMs ? known : { start: now, calls: 0 };
      hours.set(wabaId, hour);
      hour.calls += 1;
      const exceeded = hour.calls > settings.managementCallsPerHour;
      if (exceeded) {
        throw new GraphError(80007, {
          message:
            "(#80007) There have been too many calls to this WhatsApp Business account. Wait a bit and try again.",
        });
      }
      const usage = {
        type: "whatsapp_business_management",
        call_count: Math.floor((100 * hour.calls) / settings.managementCallsPerHour),
        total_cputime: 1,
        total_time: 1,
        estimated_time_to_regain_access: 0,
      };
      return { "x-business-use-case-usage": JSON.stringify({ [wabaId]: [usage] }) };
    },
  };
}
