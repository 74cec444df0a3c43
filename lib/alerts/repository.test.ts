import { expect, test } from "vitest";
import { alertRepository } from "@/lib/alerts/repository";
import { createCampaign, createUser } from "@/lib/testing/factories";

test("an alert is opened once, however often it happens, and shows the newest message", async () => {
  const owner = await createUser();

  await Promise.all(Array.from({ length: 20 }, () => alertRepository.open(owner, "account:190", "old")));
  await alertRepository.open(owner, "account:190", "new");

  expect(await alertRepository.listOpen(owner)).toMatchObject([{ message: "new", count: 21 }]);
});

test("what is over is not open, and opens anew when it happens again", async () => {
  const owner = await createUser();
  await alertRepository.open(owner, "account:190", "x");
  await alertRepository.open(owner, "account:368", "x");
  await alertRepository.open(owner, "accounting", "x");

  await alertRepository.resolveAll(owner, "account:");
  expect(await alertRepository.listOpen(owner)).toMatchObject([{ key: "accounting" }]);
  await alertRepository.resolve(owner, "accounting");
  await alertRepository.open(owner, "account:190", "y");

  expect(await alertRepository.listOpen(owner)).toMatchObject([{ message: "y", count: 1 }]);
});

test("the sweep ends alerts about campaigns that are not paused any more, and no others", async () => {
  const owner = await createUser();
  const paused = await createCampaign(owner, { status: "paused" });
  const resumed = await createCampaign(owner, { status: "processing" });
  const keys = [
    `campaign:${paused.id}`,
    `campaign:${resumed.id}`,
    `campaign:${crypto.randomUUID()}`,
    "code:1",
  ];
  for (const key of keys) await alertRepository.open(owner, key, "x");

  await alertRepository.resolveOfMovedCampaignsOfAllTenants();

  const open = (await alertRepository.listOpen(owner)).map(({ key }) => key);
  expect(open.toSorted()).toEqual([keys[0], keys[3]]);
});
