import { expect, test } from "vitest";
import { createGroups, type GroupLimits } from "@/lib/webhook-events/groups";

const limits: GroupLimits = { items: 4, bytes: 100, inFlight: 2, many: 1, waiting: 20, waitingBytes: 1000 };

/** A store whose groups are stored when the test says so. */
function createStage(changes: Partial<GroupLimits> = {}, isPoison: (error: unknown) => boolean = () => true) {
  const stored: number[][] = [];
  const commits: (() => void)[] = [];
  let isHeld = false;
  const groups = createGroups<number>(
    async (items) => {
      stored.push(items);
      if (isHeld) await new Promise<void>((resolve) => commits.push(resolve));
      if (items.includes(13)) throw new Error("poison");
    },
    isPoison,
    { ...limits, ...changes },
  );
  return {
    groups,
    stored,
    hold: () => {
      isHeld = true;
    },
    commit: () => {
      isHeld = false;
      for (const commit of commits.splice(0)) commit();
    },
  };
}

const turn = () => new Promise(setImmediate);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test("stores together what arrives together, and a lone item at once", async () => {
  const { groups, stored } = createStage();

  expect(await Promise.all([1, 2, 3].map((item) => groups.add(item, 1)))).toEqual([
    "stored",
    "stored",
    "stored",
  ]);
  expect(await groups.add(4, 1)).toBe("stored");

  expect(stored).toEqual([[1, 2, 3], [4]]);
});

test("starts another group beside the one in flight only for many", async () => {
  const { groups, stored, hold, commit } = createStage({ many: 3 });
  hold();
  const first = groups.add(1, 1);
  await turn();

  const few = [groups.add(2, 1), groups.add(3, 1)];
  await turn();
  expect(stored).toEqual([[1]]);
  const third = groups.add(4, 1);
  await turn();
  expect(stored).toEqual([[1], [2, 3, 4]]);

  commit();
  expect(await Promise.all([first, ...few, third])).toEqual(["stored", "stored", "stored", "stored"]);
});

test("keeps groups within their size and two of them in flight", async () => {
  const { groups, stored, hold, commit } = createStage();
  hold();

  const answers = upTo(12).map((item) => groups.add(item, 1));
  await turn();
  expect(stored).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ]);

  commit();
  expect(new Set(await Promise.all(answers))).toEqual(new Set(["stored"]));
  expect(stored.at(-1)).toEqual([8, 9, 10, 11]);
});

test("keeps groups within their bytes, but takes what is larger than that alone", async () => {
  const { groups, stored } = createStage();

  await Promise.all([groups.add(1, 60), groups.add(2, 60), groups.add(3, 500)]);

  expect(stored).toEqual([[1], [2], [3]]);
});

test("answers nobody before his group is stored", async () => {
  const { groups, hold, commit } = createStage();
  hold();
  let isAnswered = false;
  const answer = groups.add(1, 1).then(() => {
    isAnswered = true;
  });

  await turn();
  await turn();
  expect(isAnswered).toBe(false);

  commit();
  await answer;
});

test.each([
  ["more items than may wait", { waiting: 3 }, 1],
  ["more bytes than may wait", { waitingBytes: 30 }, 10],
])("has no place for %s", async (_, changes, bytes) => {
  const { groups } = createStage(changes);

  const answers = await Promise.all(upTo(5).map((item) => groups.add(item, bytes)));

  expect(answers).toEqual(["stored", "stored", "stored", "failed", "failed"]);
  expect(await groups.add(6, bytes)).toBe("stored");
});

test("halves a group until what cannot be stored is alone", async () => {
  const { groups, stored } = createStage({ items: 8 });

  const answers = await Promise.all([1, 2, 13, 4, 5].map((item) => groups.add(item, 1)));

  expect(answers).toEqual(["stored", "stored", "refused", "stored", "stored"]);
  expect(stored).toContainEqual([13]);
});

test("tries a group once when the store is what fails", async () => {
  const { groups, stored } = createStage({}, () => false);

  expect(await Promise.all([1, 13, 3].map((item) => groups.add(item, 1)))).toEqual([
    "failed",
    "failed",
    "failed",
  ]);
  expect(stored).toHaveLength(1);
});

test("is idle when everything is answered", async () => {
  const { groups, hold, commit } = createStage();
  hold();
  let answered = 0;
  const answers = upTo(9).map(async (item) => {
    await groups.add(item, 1);
    answered += 1;
  });
  const idle = groups.whenIdle().then(() => answered);
  await turn();
  commit();

  expect(await idle).toBe(9);
  await Promise.all(answers);
  expect(await groups.whenIdle()).toBeUndefined();
});
