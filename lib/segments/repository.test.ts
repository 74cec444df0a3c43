import { expect, test } from "vitest";
import { segmentRepository } from "@/lib/segments/repository";
import { createUser } from "@/lib/testing/factories";

const filter = [{ field: "tags" as const, match: "any" as const, tags: ["VIP"] }];

test("a segment keeps its filter under a name that is the only one in its account", async () => {
  const [userId, stranger] = [await createUser(), await createUser()];
  const { id } = await segmentRepository.create(userId, { name: "VIPs", filter });
  const other = await segmentRepository.create(userId, { name: "Others", filter });

  await expect(segmentRepository.create(userId, { name: "VIPs", filter })).rejects.toMatchObject({
    fields: { name: ["There is already a segment “VIPs”"] },
  });
  await expect(segmentRepository.update(userId, other.id, { name: "VIPs", filter })).rejects.toMatchObject({
    code: "INVALID",
  });
  await segmentRepository.create(stranger, { name: "VIPs", filter });
  await segmentRepository.update(userId, id, { name: "Best", filter: [] });

  expect((await segmentRepository.list(userId)).map(({ name }) => name)).toEqual(["Best", "Others"]);
  expect(await segmentRepository.find(userId, other.id)).toEqual({ id: other.id, name: "Others", filter });
  await segmentRepository.remove(userId, id);
  await expect(segmentRepository.remove(userId, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
