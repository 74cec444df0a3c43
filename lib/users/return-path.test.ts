import { expect, test } from "vitest";
import { toReturnPath } from "@/lib/users/return-path";

const origin = "https://campanile.example";

test.each([
  ["/contacts?tag=vip#top", "/contacts?tag=vip#top"],
  ["https://campanile.example/settings", "/settings"],
  ["contacts", "/contacts"],
  ["/a/../b", "/b"],
  ["/redirect?to=//evil.example", "/redirect?to=//evil.example"],
])("keeps %s", (address, path) => {
  expect(toReturnPath(address, origin)).toBe(path);
});

test.each([
  "https://evil.example/",
  "https://campanile.example.evil.example/",
  "https://campanile.example@evil.example/",
  "http://campanile.example/contacts",
  "//evil.example",
  "\\\\evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  " //evil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "https://campanile.example//evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "https://",
  "",
  undefined,
  ["/contacts", "/b"],
])("leads %j to the overview", (address) => {
  expect(toReturnPath(address, origin)).toBe("/");
});

test("without an origin only paths are ours", () => {
  expect(toReturnPath("/contacts")).toBe("/contacts");
  expect(toReturnPath("https://campanile.example/contacts")).toBe("/");
});
