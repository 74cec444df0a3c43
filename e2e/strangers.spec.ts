import { expect, test } from "@playwright/test";
import { signUp } from "./fixtures";

test("nothing of another account is in any page or answer", async ({ browser }) => {
  const marker = `Marker ${crypto.randomUUID()}`;
  const owner = await (await browser.newContext()).newPage();
  const stranger = await (await browser.newContext()).newPage();
  await signUp(owner, "Owner");
  await signUp(stranger, "Stranger");
  const created = await owner.request.post("/api/contacts", {
    data: { phone: "+14155552201", name: marker, tags: ["vip"], metadata: {}, consent: null },
  });
  expect(created.status()).toBe(201);
  const { id } = await created.json();

  await owner.goto(`/contacts/${id}`);
  await expect(owner.getByText(marker).first()).toBeVisible();
  for (const path of [`/contacts/${id}`, "/contacts", "/api/contacts", "/"]) {
    const response = await stranger.request.get(path);
    expect(await response.text(), path).not.toContain(marker);
  }
  const found = await stranger.request.get(`/api/contacts?search=${encodeURIComponent(marker)}`);
  expect(await found.json()).toMatchObject({ items: [] });
  expect((await stranger.request.get(`/contacts/${id}`)).status()).toBe(404);
  expect((await stranger.request.patch(`/api/contacts/${id}`, { data: { name: "x" } })).status()).toBe(404);
  expect((await stranger.request.delete(`/api/contacts/${id}`)).status()).toBe(404);
});
