import { expect, test } from "vitest";
import { assign, toMapping, toTargets } from "@/lib/imports/targets";

const columns = ["Phone", "Name", "City", "Notes"];
const mapping = { phone: "Phone", name: "Name", custom: { City: "city" } };
const targets = toTargets(columns, mapping);

test("shows for every column what it is for", () => {
  expect(targets).toEqual([
    { field: "phone", key: "Phone" },
    { field: "name", key: "Name" },
    { field: "custom", key: "city" },
    { field: "ignore", key: "Notes" },
  ]);
});

test("leads back to the same mapping", () => {
  expect(toMapping(columns, targets)).toEqual(mapping);
});

test("gives a built-in field to one column only, and a custom one to any", () => {
  expect(assign(targets, 3, "phone").map(({ field }) => field)).toEqual([
    "ignore",
    "name",
    "custom",
    "phone",
  ]);
  expect(assign(targets, 3, "custom").map(({ field }) => field)).toEqual([
    "phone",
    "name",
    "custom",
    "custom",
  ]);
});

test("is no mapping without a phone column", () => {
  expect(toMapping(columns, assign(targets, 0, "ignore"))).toBeNull();
  expect(toTargets(columns, { ...mapping, phone: null })[0]).toMatchObject({ field: "ignore" });
});
