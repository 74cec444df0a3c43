import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { approveTemplate, expectAccessible, expectToFit, signUp } from "./fixtures";

/** More than a page of people in Pune, and some elsewhere. */
const file = [
  "phone,name,tags,city",
  ...Array.from(
    { length: 70 },
    (_, n) => `+1415555${2200 + n},Person ${n},=late,${n < 60 ? "Pune" : "Lima"}`,
  ),
].join("\n");

async function importContacts(page: Page) {
  await page.goto("/contacts/import");
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "contacts.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.getByRole("button", { name: /upload|continue|next/i }).click();
  await page.getByLabel(/agreed to receive/i).check();
  await page.getByLabel(/how did these people agree/i).fill("Signed the list at our counter");
  await page.getByRole("button", { name: /^import/i }).click();
  await expect(page.getByText("70", { exact: true }).first()).toBeVisible();
}

async function addCondition(page: Page) {
  await page.getByRole("button", { name: "Add condition" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a condition" });
  await dialog.getByLabel("What about").selectOption({ label: "A custom field" });
  await dialog.getByLabel("Field", { exact: true }).selectOption("city");
  await dialog.getByRole("button", { name: "Add condition" }).click();
  await expect(dialog.getByText("Enter a value")).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("Value").fill("Pune");
  await dialog.getByLabel("Value").press("Enter");
  await expect(dialog).toBeHidden();
}

test("filter, save as a segment, tag all who match, export, send to the segment", async ({ page }) => {
  await signUp(page, "Marigold & Co.");
  await importContacts(page);

  await page.goto("/contacts");
  await addCondition(page);
  await expect(page.getByText("60 contacts").first()).toBeVisible();
  await page.getByRole("button", { name: "Save as segment" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("In Pune");
  await page.getByRole("button", { name: "Save segment" }).click();
  await expect(page.getByText("Saved the segment “In Pune”")).toBeVisible();

  await page.getByLabel("Choose everybody on this page").check();
  const bar = page.getByRole("region", { name: "Selected contacts" });
  await expect(bar).toContainText("50 contacts chosen");
  await bar.getByRole("button", { name: "Choose all 60 contacts that match" }).click();
  await expectAccessible(page);
  await bar.getByRole("button", { name: "Tag", exact: true }).click();
  await page.getByRole("alertdialog").getByLabel("Tags").fill("monsoon");
  await page.getByRole("button", { name: "Tag all 60 contacts" }).click();
  await expect(page.getByText("Done: 60 of 60 contacts changed")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("row", { name: /Person 59/ })).toContainText("monsoon");
  await expectAccessible(page);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const csv = await readFile(await (await download).path(), "utf8");
  const lines = csv.trim().split("\r\n");
  expect(lines[0]).toBe("Phone,Name,Email,Tags,Opted in,city");
  expect(lines.slice(1).sort()[0]).toBe(`+14155552200,Person 0,,"'=late, monsoon",yes,Pune`);
  expect(lines).toHaveLength(61);

  await approveTemplate(page, "monsoon", "Hi {{1}}, the rain is here, and so are our umbrellas.");
  await page.getByRole("link", { name: /use in a campaign/i }).click();
  await page.getByLabel("Name of the campaign").fill("Monsoon");
  await page.getByRole("combobox", { name: /\{\{1\}\}/ }).selectOption({ label: "First name" });
  await page.getByRole("textbox", { name: /where it is missing/ }).fill("there");
  await page.getByRole("radio", { name: "A segment" }).check();
  await expect(page.getByText("Choose a segment to see how many people that is.")).toBeVisible();
  await page.getByLabel("Segment", { exact: true }).selectOption({ label: "In Pune" });
  await expect(page.getByText("60 people would get it now")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByText("People who opted in and belong to the segment “In Pune”")).toBeVisible();
  await expectAccessible(page);

  await page.goto("/contacts/segments");
  await page.getByRole("link", { name: "Edit In Pune" }).click();
  await expect(page.getByText("Monsoon is a draft for this segment")).toBeVisible();
  await page.getByRole("link", { name: "Monsoon" }).click();
  await page.getByRole("button", { name: "Send now" }).click();
  await page.getByRole("button", { name: "Send to 60 people" }).click();
  await expect(page.getByText("Completed").first()).toBeVisible({ timeout: 60_000 });

  await page.goto("/contacts/segments");
  await page.getByRole("button", { name: "Delete In Pune" }).click();
  await page.getByRole("button", { name: "Delete segment" }).click();
  await expect(page.getByText("No segments yet")).toBeVisible();
  await page.goto("/campaigns");
  await page.getByRole("link", { name: "Monsoon" }).click();
  await expect(page.getByText("People who opted in and belong to the segment “In Pune”")).toBeVisible();
  await expect(page.getByText("60", { exact: true }).first()).toBeVisible();
});

test("the list, its filters and its bar of actions work by keyboard on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signUp(page, "Marigold & Co.");
  await importContacts(page);
  await page.goto("/contacts");

  await page.getByRole("button", { name: "Add condition" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("What about")).toBeFocused();
  await expectAccessible(page);
  await dialog.getByRole("combobox", { name: "Tags" }).press("ArrowDown");
  await expect(dialog.getByRole("listbox")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog.getByRole("listbox")).toBeHidden();
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Add condition" })).toBeFocused();

  await page.getByLabel("Choose Person 69").press("Space");
  const bar = page.getByRole("region", { name: "Selected contacts" });
  await expect(bar).toContainText("1 contact chosen");
  await expectToFit(page);
  await bar.getByRole("button", { name: "Block", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Block 1 contact" }).press("Enter");
  await expect(page.getByText("Done: 1 of 1 contact changed")).toBeVisible({ timeout: 30_000 });

  await page.getByRole("button", { name: "Choose columns" }).press("Enter");
  await page.getByRole("menuitemcheckbox", { name: "city" }).press("Enter");
  await expect(page.getByRole("columnheader", { name: "city" })).toBeAttached();
  await page.goto("/contacts?search=nobody-like-this");
  await expect(page.getByText("Nobody meets all these conditions")).toBeVisible();
  await expectAccessible(page);
  await expectToFit(page);
});

test("a filter that cannot be read means nobody", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signUp(page, "Marigold & Co.");
  await importContacts(page);

  for (const address of [
    "/contacts?filter=nonsense",
    '/contacts?filter=[{"field":"an older one"}]',
    "/contacts?filter=[]&filter=[]",
    "/contacts?consent=perhaps",
  ]) {
    await page.goto(address);
    await expect(page.getByText("The filter in this address cannot be read")).toBeVisible();
    await expect(page.getByText("Person 69")).toBeHidden();
    await expectAccessible(page);
    await expectToFit(page);
  }
  await page.getByRole("link", { name: "Show everybody" }).click();
  await expect(page).toHaveURL("/contacts");
  await expect(page.getByText("Person 69")).toBeVisible();
});
