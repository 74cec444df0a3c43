import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, signUp } from "./fixtures";

const contacts = [
  "phone,name,tags,city",
  "+14155552101,Asha Rao,vip,Pune",
  "+14155552102,Zoë de Vries,vip,Utrecht",
  "(415) 555-2103,José Álvarez,,Lima",
  "+14155552101,Asha again,,Pune",
  "12,Too short,,",
  "9.19E+11,From a spreadsheet,,",
].join("\n");

async function importContacts(page: Page) {
  await page.goto("/contacts/import");
  await expectAccessible(page);
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "contacts.csv", mimeType: "text/csv", buffer: Buffer.from(contacts) });
  await page.getByRole("button", { name: /upload|continue|next/i }).click();
  await expect(page.getByRole("cell", { name: "Zoë de Vries" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Numbers without a country code belong to").selectOption("US");
  await page.getByLabel(/agreed to receive/i).check();
  await page.getByLabel(/how did these people agree/i).fill("Signed the list at our counter");
  await page.getByRole("button", { name: /^import/i }).click();
  await expect(page.getByText(/spreadsheet/i).first()).toBeVisible();
  await expectAccessible(page);
}

async function approveTemplate(page: Page) {
  await page.goto("/templates/new");
  await page.getByLabel("Name", { exact: true }).fill("spring_sale");
  await page
    .getByRole("textbox", { name: "Message", exact: true })
    .fill("Hi {{1}}, until Sunday everything is {{2}} off. Come by!");
  await page.getByLabel("{{1}} in the message").fill("Asha");
  await page.getByLabel("{{2}} in the message").fill("20%");
  await page.getByRole("textbox", { name: /^Footer/ }).fill("Reply STOP to hear no more from us");
  await expect(page.getByLabel("Preview of the message")).toContainText(
    "Hi Asha, until Sunday everything is 20% off.",
  );
  await expectAccessible(page);
  await page.getByRole("button", { name: "Submit to WhatsApp" }).click();
  await expect(page.getByText("Approved").first()).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
}

async function writeCampaign(page: Page) {
  await page.getByRole("link", { name: /use in a campaign/i }).click();
  await page.getByLabel("Name of the campaign").fill("Spring sale");
  await page.getByRole("combobox", { name: /\{\{1\}\}/ }).selectOption({ label: "First name" });
  await page.getByRole("textbox", { name: /where it is missing/ }).fill("there");
  await page
    .getByRole("combobox", { name: /\{\{2\}\}/ })
    .selectOption({ label: "The same text for everybody" });
  await page.getByRole("textbox", { name: /Text for .*\{\{2\}\}/ }).fill("25%");
  await expect(page.getByText(/3 people/).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("heading", { name: "Spring sale" })).toBeVisible();
  await expectAccessible(page);
}

test("sign up, import, template, campaign, read receipts, sign out", async ({ page }) => {
  await page.goto("/sign-up");
  await expectAccessible(page);
  const account = await signUp(page, "Marigold & Co.");
  await expectAccessible(page);

  await importContacts(page);
  await approveTemplate(page);
  await writeCampaign(page);

  await page.getByRole("button", { name: "Send now" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("3 people");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Send to 3 people" }).click();

  const recipients = page.getByRole("region", { name: "List of recipients" });
  await expect(recipients.getByText("Zoë de Vries")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Completed").first()).toBeVisible({ timeout: 60_000 });
  await expect(recipients.getByRole("cell", { name: /^(Read|Delivered)$/ }).first()).toBeVisible({
    timeout: 60_000,
  });
  await expectAccessible(page);

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Recount" }).click();
  await expect(page.getByRole("dialog").getByText("Nothing differed")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "More" })).toBeFocused();

  await recipients.getByRole("link", { name: "Zoë de Vries" }).click();
  await expect(page.getByText("Signed the list at our counter")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByRole("textbox", { name: "Phone number" })).toHaveValue("+14155552102");
  await expectAccessible(page);

  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expectAccessible(page);
  await page.goto("/campaigns");
  await expect(page).toHaveURL(/\/sign-in/);

  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("link", { name: "Spring sale" }).first()).toBeVisible();
});
