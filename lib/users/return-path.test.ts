import { expect, test } from "vitest";
import { signInPath, toReturnPath } from "@/lib/users/return-path";

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

test.each([
  [
    "/contacts?filter=%5B%5D&sort=name",
    "/sign-in?callbackUrl=%2Fcontacts%3Ffilter%3D%255B%255D%26sort%3Dname",
  ],
  ["/campaigns/1#recipients", "/sign-in?callbackUrl=%2Fcampaigns%2F1%23recipients"],
  ["/", "/sign-in"],
  ["//evil.example", "/sign-in"],
  ["/\\evil.example", "/sign-in"],
  ["https://evil.example/", "/sign-in"],
  [null, "/sign-in"],
])("signs in on the way to %j", (address, path) => {
  expect(signInPath(address)).toBe(path);
});

test.each(["/%2F/evil.example", "/%5Cevil.example", "/%2e%2e//evil.example", "/https:evil.example"])(
  "%j stays within this site",
  (address) => {
    const path = toReturnPath(address, origin);
    expect(new URL(path, origin).origin).toBe(origin);
  },
);
