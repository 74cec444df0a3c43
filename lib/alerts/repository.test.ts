import { expect, test } from "vitest";
import { alertRepository } from "@/lib/alerts/repository";
import { sql } from "@/lib/db";
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

  await alertRepository.resolveOverOfAllTenants();

  const open = (await alertRepository.listOpen(owner)).map(({ key }) => key);
  expect(open.toSorted()).toEqual([keys[0], keys[3]]);
});

test("ends what was told of an unknown code when none has come for a day", async () => {
  const owner = await createUser();
  for (const key of ["code:1", "code:2", "account:190"]) await alertRepository.open(owner, key, "x");
  await sql`
    UPDATE alerts SET "updatedAt" = now() - interval '25 hours' WHERE "userId" = ${owner} AND "key" <> 'code:2'`;

  await alertRepository.resolveOverOfAllTenants();

  expect((await alertRepository.listOpen(owner)).map(({ key }) => key).toSorted()).toEqual([
    "account:190",
    "code:2",
  ]);
});
