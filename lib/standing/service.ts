import { standingAlert } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { laneRepository } from "@/lib/lanes/repository";
import { digitsOf, displayNumberOf, type Finding, findingsOf, provenOver } from "@/lib/standing/report";
import { standingRepository } from "@/lib/standing/repository";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import type { Change } from "@/lib/webhook-events/payload";
import { messagingLimitOf } from "@/lib/whatsapp/account";

/** What Meta reports of an account and its number: kept, shown, and what must stop is paused. May be repeated. */
export async function applyStanding(userId: UserId, change: Change): Promise<void> {
  const findings = findingsOf(change, new Date());
  if (findings.length === 0 || !(await isMeant(userId, change))) return;
  for (const finding of findings) {
    const subject = "what" in finding ? finding.what : finding.kind;
    if (await standingRepository.isNewest(userId, subject, change.at ?? new Date()))
      await applyFinding(userId, finding, endOf(change.at));
  }
}

/** Meta's API says that the number may send: what would forbid it is over, whatever was reported. */
export async function endRestrictions(userId: UserId): Promise<void> {
  for (const what of provenOver) await alertRepository.resolve(userId, standingAlert(what));
}

/** Several accounts may share a WhatsApp Business Account: a report that names a number is for the one that has it. */
async function isMeant(userId: UserId, change: Change): Promise<boolean> {
  const named = displayNumberOf(change);
  const { displayPhoneNumber } = await userRepository.get(userId);
  return !named || !displayPhoneNumber || digitsOf(displayPhoneNumber) === named;
}

/** Meta's instants are whole seconds. */
const endOf = (at: Date | null) => (at ? new Date(at.getTime() + 1000) : undefined);

async function applyFinding(userId: UserId, finding: Finding, at: Date | undefined): Promise<void> {
  switch (finding.kind) {
    case "over":
      return alertRepository.resolve(userId, standingAlert(finding.what));
    case "limit":
      return laneRepository.remember(userId, {
        messagingLimit: limitOf(finding.limit),
        qualityRating: null,
      });
    case "quality":
      return laneRepository.remember(userId, { messagingLimit: null, qualityRating: finding.rating });
    case "trouble": {
      const { what, message, stops, endsAt } = finding;
      if (endsAt && endsAt.getTime() < Date.now()) return;
      const paused = stops ? await campaignRepository.pauseAll(userId, message, at) : 0;
      const also = paused > 0 ? " All campaigns are paused." : "";
      return alertRepository.open(userId, standingAlert(what), `${message}${also}`, endsAt);
    }
  }
}

const limitOf = (limit: string) => (/^\d+$/.test(limit) ? Number(limit) : messagingLimitOf(limit));
