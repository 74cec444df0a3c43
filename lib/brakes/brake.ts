import { formatNumber, formatPeople } from "@/lib/campaigns/numbers";

/** Fewer outcomes say nothing. */
const MIN_OUTCOMES = 20;
const MIN_OPT_OUTS = 10;
const MAX_OPT_OUT_PERCENT = 5;

/** What is known of a sending campaign, since it was started or resumed. */
export type Evidence = {
  /** The account's limit (%). */
  brakePercent: number;
  templateName: string | null;
  templateStatus: string | null;
  /** Meta rates the number RED, and the owner has not resumed since. */
  isQualityRed: boolean;
  /** Of the last hundred answers, how many were refusals. */
  answered: number;
  refused: number;
  /** Of the last hundred that WhatsApp took, long enough ago for a failure to be known, how many failed. */
  taken: number;
  failed: number;
  /** People who objected after they got it, and how many got it in all. */
  optedOut: number;
  sentCount: number;
};

/** What became of a campaign's first part: posted, and of those delivered or failed. */
export type CanaryOutcome = { posted: number; arrived: number; failed: number };

const isTooMuch = (part: number, whole: number, percent: number) =>
  whole >= MIN_OUTCOMES && part * 100 > percent * whole;

/** Why a campaign must not go on by itself, in the owner's words; null when it may. */
export function reasonToStop(evidence: Evidence): string | null {
  const { brakePercent, templateName, templateStatus, isQualityRed } = evidence;
  const { answered, refused, taken, failed, optedOut, sentCount } = evidence;
  if (templateStatus === "paused" || templateStatus === "disabled") {
    return `WhatsApp has ${templateStatus} the template ${templateName}. Nothing more can be sent with it for now.`;
  }
  if (isQualityRed) {
    return "WhatsApp rates the quality of your number as low: people block or report its messages. Going on may get the number limited.";
  }
  const limit = `more than the ${brakePercent}% you allow`;
  if (isTooMuch(refused, answered, brakePercent)) {
    return `WhatsApp refused ${refused} of the last ${answered} messages: ${limit}.`;
  }
  if (isTooMuch(failed, taken, brakePercent)) {
    return `WhatsApp took ${taken} messages and then could not deliver ${failed} of them: ${limit}.`;
  }
  if (optedOut >= MIN_OPT_OUTS && optedOut * 100 > MAX_OPT_OUT_PERCENT * sentCount) {
    return `${formatPeople(optedOut)} opted out after they got it, of ${formatNumber(sentCount)}: more than ${MAX_OPT_OUT_PERCENT}%.`;
  }
  return null;
}

/** Why the rest of a campaign must not follow its first part by itself; null when all is well. */
export function reasonToHold(
  { posted, arrived, failed }: CanaryOutcome,
  brakePercent: number,
): string | null {
  const first = `first ${formatPeople(posted)}`;
  if (failed * 100 > brakePercent * posted) {
    return `Of the ${first}, ${formatNumber(failed)} did not get it: more than the ${brakePercent}% you allow. The others wait.`;
  }
  if ((arrived + failed) * 2 < posted) {
    return `Of the ${first}, only ${formatNumber(arrived)} are known to have got it. Check that WhatsApp's reports reach Campanile. The others wait.`;
  }
  return null;
}
