import { expect, test } from "vitest";
import { inTurns } from "@/lib/webhook-events/turns";

test("many share one look, and whoever asks during it waits for the next", async () => {
  const looks: ((result: number) => void)[] = [];
  const ask = inTurns(() => new Promise<number>((resolve) => looks.push(resolve)));

  const first = [ask(), ask(), ask()];
  await Promise.resolve();
  const second = [ask(), ask()];
  expect(looks).toHaveLength(1);
  looks[0]?.(1);
  expect(await Promise.all(first)).toEqual([1, 1, 1]);
  expect(looks).toHaveLength(2);
  looks[1]?.(2);

  expect(await Promise.all(second)).toEqual([2, 2]);
});

test("a look that fails costs those who come after it nothing", async () => {
  let looks = 0;
  const ask = inTurns(async () => {
    looks += 1;
    if (looks === 1) throw new Error("no database");
    return looks;
  });

  const failing = ask();
  await Promise.resolve();
  const next = ask();

  await expect(failing).rejects.toThrow("no database");
  expect(await next).toBe(2);
});
