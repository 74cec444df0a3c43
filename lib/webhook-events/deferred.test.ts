import { expect, test } from "vitest";
import type { Receipt } from "@/lib/messages/status";
import { createDeferred } from "@/lib/webhook-events/deferred";

const event = (id: number, count: number) => ({ id, receipts: new Array<Receipt>(count) });
const idsOf = (events: { id: number }[]) => events.map(({ id }) => id);

test("gives events in their order, as many as make a batch, and a larger one alone", () => {
  const deferred = createDeferred<ReturnType<typeof event>>({ batch: 10, max: 100 });
  deferred.add([event(1, 4), event(2, 6), event(3, 1)]);
  deferred.add([event(4, 50), event(5, 1)]);

  expect(idsOf(deferred.take())).toEqual([1, 2]);
  expect(idsOf(deferred.take())).toEqual([3]);
  expect(idsOf(deferred.take())).toEqual([4]);
  expect(idsOf(deferred.take())).toEqual([5]);
  expect(deferred.take()).toEqual([]);
  expect(deferred.size()).toBe(0);
});

test("has no room for more than it may hold until some were taken", () => {
  const deferred = createDeferred<ReturnType<typeof event>>({ batch: 10, max: 20 });
  deferred.add([event(1, 19)]);
  expect(deferred.hasRoom()).toBe(true);

  deferred.add([event(2, 1)]);
  expect(deferred.hasRoom()).toBe(false);

  deferred.take();
  expect(deferred.hasRoom()).toBe(true);
});
