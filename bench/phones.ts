import { defaultCountry, personAt } from "@/bench/people";
import { medianOf, verdictOn, verdictOnRatio, whole } from "@/bench/report";
import type { Stage } from "@/bench/stage";
import { normalizePhone, parsePhone } from "@/lib/contacts/phone";
import { generateNumbers } from "@/lib/testing/phone-numbers";

const TARGET = 5;
const PER_COUNTRY = 15;

/** The product's way to E.164 against libphonenumber-js alone: on the numbers of a file, and for all countries the result. */
export async function benchPhones(_: Stage, { count = 200_000, rounds = 3 }): Promise<void> {
  const texts = Array.from({ length: count }, (_, index) => personAt(index).phone);
  const rateOf = (read: typeof normalizePhone) => {
    const startedAt = performance.now();
    for (const text of texts) read(text, defaultCountry);
    return (count / (performance.now() - startedAt)) * 1000;
  };
  rateOf(normalizePhone);
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const [fast, slow] = [rateOf(normalizePhone), rateOf(parsePhone)];
    ratios.push(fast / slow);
    console.log(
      `round ${round}: ${whole(fast)} numbers/s, libphonenumber-js alone ${whole(slow)} numbers/s, ratio ${(fast / slow).toFixed(1)}`,
    );
  }

  let compared = 0;
  let differences = 0;
  for (const { text, country } of generateNumbers({ perCountry: PER_COUNTRY, seed: 1 })) {
    compared++;
    const [fast, slow] = [normalizePhone(text, country), parsePhone(text, country)];
    if (JSON.stringify(fast) === JSON.stringify(slow)) continue;
    if (++differences <= 10) console.log(`difference: ${JSON.stringify({ text, country, fast, slow })}`);
  }
  console.log(`${whole(compared)} numbers of all countries compared`);
  console.log(verdictOn("phones: differences", String(differences), differences, "at most", 0));
  console.log(verdictOnRatio("phones", medianOf(ratios), "at least", TARGET));
}
