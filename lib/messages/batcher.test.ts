import { expect, test, vi } from "vitest";
import { createBatcher } from "@/lib/messages/batcher";

const recorder = () => {
  const batches: number[][] = [];
  return { batches, write: async (items: number[]) => void batches.push(items) };
};

test("hands over full batches at once and the rest when flushed", async () => {
  const { batches, write } = recorder();
  const batcher = createBatcher({ size: 2, delayMs: 60_000 }, write);

  for (const item of [1, 2, 3]) batcher.add(item);
  expect(batches).toEqual([[1, 2]]);
  await batcher.flush();

  expect(batches).toEqual([[1, 2], [3]]);
});

test("hands over what waits after a while", async () => {
  const { batches, write } = recorder();
  const batcher = createBatcher({ size: 100, delayMs: 5 }, write);

  batcher.add(1);

  await vi.waitFor(() => expect(batches).toEqual([[1]]));
});

test("tells when a batch could not be written, and writes the others", async () => {
  const { batches, write } = recorder();
  const batcher = createBatcher<number>({ size: 1, delayMs: 60_000 }, async (items) => {
    if (items[0] === 1) throw new Error("no room");
    await write(items);
  });

  batcher.add(1);
  batcher.add(2);

  await expect(batcher.flush()).rejects.toThrow("no room");
  expect(batches).toEqual([[2]]);
});
