import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, expectToFit, signUp } from "./fixtures";

async function addContact(page: Page, contact: object): Promise<string> {
  const nothing = { name: null, email: null, tags: [], metadata: {}, consent: null };
  const response = await page.request.post("/api/contacts", { data: { ...nothing, ...contact } });
  expect(response.status()).toBe(201);
  return (await response.json()).id;
}

async function expectWell(page: Page) {
  await expectAccessible(page);
  await expectToFit(page);
}

for (const { scheme, width } of [
  { scheme: "light", width: 1280 },
  { scheme: "dark", width: 390 },
] as const) {
  test(`join two contacts, prove consent, hand out and erase a person's data, ${scheme} at ${width} pixels`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 844 });
    await signUp(page, "Bramble Books");
    const id = await addContact(page, { phone: "+14155552101", name: "Asha Rao" });
    const consent = { wording: "Signed the list at our counter" };
    await addContact(page, { phone: "+14155552102", name: "Asha R.", email: "asha@example.com", consent });

    await page.goto(`/contacts/${id}`);
    await expect(page.getByText("Nothing has happened yet")).toBeVisible();
    await expectWell(page);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Join with another contact" }).click();
    await page.getByRole("searchbox").fill("2102");
    await page.getByRole("button", { name: "Search" }).click();
    await expectWell(page);
    await page.getByRole("link", { name: "Compare with Asha R." }).click();
    await expect(page.getByText("Not kept of the second contact: +14155552102, Asha R.")).toBeVisible();
    await expectWell(page);
    await page.getByRole("button", { name: "Join these two" }).click();
    await expectWell(page);
    await page.getByRole("button", { name: "Join them" }).click();

    await expect(page).toHaveURL(`/contacts/${id}`);
    await expect(page.getByText("asha@example.com")).toBeVisible();
    await expect(page.getByText("Signed the list at our counter")).toBeVisible();
    await expectWell(page);
    await page.getByRole("link", { name: "Proof of consent" }).click();
    await expect(page.getByRole("cell", { name: "“Signed the list at our counter”" })).toBeVisible();
    await expectWell(page);
    const [proof] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as CSV" }).click(),
    ]);
    expect(await readFile(await proof.path(), "utf8")).toContain("Signed the list at our counter");

    await page.goto(`/contacts/${id}`);
    await page.getByRole("button", { name: "More" }).click();
    const [data] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "Download personal data" }).click(),
    ]);
    expect(JSON.parse(await readFile(await data.path(), "utf8"))).toMatchObject({
      contact: { name: "Asha Rao", email: "asha@example.com" },
    });
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Erase personal data" }).click();
    await expect(page.getByRole("alertdialog")).toContainText("Only a fingerprint of the number stays");
    await expectWell(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "More" })).toBeFocused();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Erase personal data" }).click();
    await page.getByRole("button", { name: "Erase for good" }).click();

    await expect(page).toHaveURL("/contacts");
    expect((await page.goto(`/contacts/${id}`))?.status()).toBe(404);
  });
}
