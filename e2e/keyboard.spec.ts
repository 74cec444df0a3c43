import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, inSandbox, numberOf, signUp } from "./fixtures";

async function create(page: Page, path: string, data: object): Promise<string> {
  const response = await page.request.post(path, { data });
  expect(response.status(), path).toBeLessThan(300);
  return (await response.json()).id;
}

const nothing = { email: null, tags: [], metadata: {}, consent: null };

test("whoever confirms with the keyboard what takes the button away goes on from a heading", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signUp(page, "Bramble Books");
  const id = await create(page, "/api/contacts", { ...nothing, phone: "+14155552501", name: "Asha Rao" });
  const filter = [{ field: "blocked", is: true }];
  for (const name of ["Blocked", "Best"]) await create(page, "/api/segments", { name, filter });

  await page.goto("/contacts/segments");
  await page.getByRole("button", { name: "Delete Blocked" }).press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Delete Blocked" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete segment" }).press("Enter");
  await expect(page.getByRole("button", { name: "Delete Blocked" })).toBeHidden();
  await expect(page.getByRole("heading", { name: "Segments" })).toBeFocused();
  await expectAccessible(page);

  await page.goto(`/contacts/${id}`);
  await page.getByRole("button", { name: "Block" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Block" }).press("Enter");
  await expect(page.getByRole("button", { name: "Unblock" })).toBeFocused();
  await page.getByRole("button", { name: "Opt out" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Opt out" }).press("Enter");
  await expect(page.getByRole("button", { name: "Opt out" })).toBeHidden();
  await expect(page.getByRole("heading", { name: "Asha Rao" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Opt in" })).toBeFocused();

  await page.getByRole("button", { name: "More" }).press("Enter");
  await page.getByRole("menuitem", { name: "Delete" }).press("Enter");
  await page.getByRole("button", { name: "Delete contact" }).press("Enter");
  await expect(page).toHaveURL("/contacts");
  await expect(page.getByRole("heading", { name: "Contacts", exact: true })).toBeFocused();
});

test("a conversation that takes the place of the list is gone on with from its heading", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signUp(page, "Bramble Books");
  const person = { phoneNumberId: await numberOf(page), from: "+14155552502", name: "Meera" };
  await page.goto("/inbox");
  await inSandbox("/inbound", { ...person, text: "Do you have oats?" });

  await page.getByRole("link", { name: /Meera/ }).press("Enter");
  await expect(page.getByRole("heading", { name: "Meera" })).toBeFocused();
});
