import { expect, type Page, test } from "@playwright/test";
import { approveTemplate, expectAccessible, inSandbox, numberOf, signUp } from "./fixtures";

async function addContact(page: Page, phone: string, name: string) {
  await page.goto("/contacts/new");
  await page.getByRole("textbox", { name: "Phone number" }).fill(phone);
  await page.getByRole("textbox", { name: /^Name/ }).fill(name);
  await page.getByLabel(/agreed to receive/i).check();
  await page.getByLabel("How did this person agree?").fill("Signed the list at our counter");
  await page.getByRole("button", { name: "Add contact" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
}

test("somebody writes STOP: in force at once, with evidence, and no campaign reaches them", async ({
  page,
}) => {
  await signUp(page, "Marigold & Co.");
  const phoneNumberId = await numberOf(page);
  await addContact(page, "+14155552311", "Asha Rao");
  await addContact(page, "+14155552312", "Ravi Iyer");
  await approveTemplate(page, "order_ready", "Hi {{1}}, your order is ready to be picked up.");

  // WhatsApp takes nothing for Asha at present, so her message is still in the queue when she writes.
  const fault = { kind: "graph_error", code: 131056 };
  await inSandbox("/faults", { match: { phoneNumberId, recipientSuffix: "2311" }, fault });
  await page.getByRole("link", { name: /use in a campaign/i }).click();
  await page.getByLabel("Name of the campaign").fill("Orders");
  await page.getByRole("combobox", { name: /\{\{1\}\}/ }).selectOption({ label: "First name" });
  await page.getByRole("textbox", { name: /where it is missing/ }).fill("there");
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("button", { name: "Send now" }).click();
  await page.getByRole("button", { name: "Send to 2 people" }).click();
  const recipients = page.getByRole("region", { name: "List of recipients" });
  const asha = recipients.getByRole("row", { name: /Asha Rao/ });
  await expect(recipients.getByRole("row", { name: /Ravi Iyer/ })).toContainText(/Sent|Delivered|Read/, {
    timeout: 60_000,
  });
  await expect(asha).toContainText("Waiting");

  await inSandbox("/inbound", { phoneNumberId, from: "+14155552311", text: "Stop! \u{1F6D1}" });

  await expect(asha).toContainText("Opted out before the message was sent", { timeout: 60_000 });
  await expect(page.getByText("Completed").first()).toBeVisible({ timeout: 90_000 });
  await expectAccessible(page);

  await asha.getByRole("link", { name: "Asha Rao" }).click();
  await expect(page.getByText("Does not want to hear from you")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "by message" })).toContainText(
    "“Stop! \u{1F6D1}”",
  );
  await expectAccessible(page);

  await page.goto("/inbox");
  await page.getByRole("link", { name: /Asha Rao/ }).click();
  await expect(page.getByRole("log").getByText("Stop! \u{1F6D1}")).toBeVisible();
  await expect(page.getByText(/opted out/i).first()).toBeVisible();
  await expectAccessible(page);

  await page.goto("/campaigns/new");
  await page.getByLabel("Name of the campaign").fill("Orders again");
  await page.getByRole("combobox", { name: "Template", exact: true }).selectOption({ index: 1 });
  await expect(page.getByText("1 person would get it now")).toBeVisible();
});
