import { expect, test } from "@playwright/test";
import { approveTemplate, expectAccessible, expectToFit, inSandbox, numberOf, signUp } from "./fixtures";

test("somebody writes, the owner sees it, answers, and the answer arrives", async ({ page }) => {
  await signUp(page, "Marigold & Co.");
  const phoneNumberId = await numberOf(page);
  const person = { phoneNumberId, from: "+14155552301", name: "Asha Rao" };

  await page.goto("/inbox");
  await expect(page.getByText("Nobody has written to you yet")).toBeVisible();
  await expectAccessible(page);
  await inSandbox("/inbound", { ...person, text: "Do you have oats?" });

  const item = page.getByRole("link", { name: /Asha Rao/ });
  await expect(item).toContainText("Do you have oats?");
  await expect(item).toContainText("Unread");
  await expect(page.getByRole("link", { name: "Inbox 1 unread" })).toBeVisible({ timeout: 30_000 });
  await item.click();

  const log = page.getByRole("log", { name: "Messages with Asha Rao" });
  await expect(log.getByText("Do you have oats?")).toBeVisible();
  await expect(page.getByText(/Can be answered for (1 day|23 hours)/)).toBeVisible();
  await expect(page.getByRole("link", { name: /Inbox .* unread/ })).toBeHidden({ timeout: 30_000 });
  await expectAccessible(page);

  // What is being written waits while the owner looks elsewhere.
  const message = page.getByRole("textbox", { name: "Message to Asha Rao" });
  await message.fill("Yes, *organic* ones.");
  await page.getByRole("link", { name: "Contact", exact: true }).click();
  await expect(page).toHaveURL(/\/contacts\//);
  await page.goBack();
  await expect(message).toHaveValue("Yes, *organic* ones.");
  await message.press("Enter");
  await expect(message).toHaveValue("");
  await expect(log.getByText("Yes, organic ones.")).toHaveCount(1);
  await expect(log.getByText(/^(Delivered|Read)$/)).toBeAttached({ timeout: 30_000 });

  await inSandbox("/inbound", { ...person, type: "image", caption: "Like these?" });
  const picture = log.getByRole("img", { name: "Like these?" });
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth))
    .toBeGreaterThan(1);
  const file = await page.request.get((await picture.getAttribute("src")) ?? "");
  expect(file.headers()).toMatchObject({
    "content-type": "image/png",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
  });
  await expect(page.getByRole("status").getByText("Asha Rao: Like these?")).toBeAttached();
  await expectAccessible(page);

  await page.setViewportSize({ width: 390, height: 844 });
  await expectToFit(page);
  // The conversation scrolls, not the page around it.
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(844);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Back to all conversations" }).click();
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Asha Rao/ })).not.toContainText("Unread");
  await expectToFit(page);
  await expectAccessible(page);
});

test("whoever has not written within 24 hours can be sent a template only", async ({ page }) => {
  await signUp(page, "Marigold & Co.");
  await page.goto("/contacts/new");
  await page.getByRole("textbox", { name: "Phone number" }).fill("+14155552302");
  await page.getByRole("textbox", { name: /^Name/ }).fill("Ravi Iyer");
  await page.getByRole("button", { name: "Add contact" }).click();
  await expect(page.getByRole("heading", { name: "Ravi Iyer" })).toBeVisible();
  const contactId = page.url().split("/").at(-1);

  await approveTemplate(page, "order_ready", "Hi {{1}}, your order is ready to be picked up.");

  await page.goto(`/inbox/${contactId}`);
  await expect(page.getByText(/has never written to you, so only a template/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: /^Message to/ })).toBeHidden();
  await page.getByRole("combobox", { name: "Template" }).selectOption({ index: 1 });
  await expect(page.getByRole("button", { name: "Send template" })).toBeDisabled();
  await page.getByRole("textbox", { name: "{{1}}" }).fill("Ravi");
  await expect(page.getByLabel("Preview of the message")).toContainText("Hi Ravi, your order is ready");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Send template" }).click();

  const log = page.getByRole("log");
  await expect(log.getByText("Hi Ravi, your order is ready to be picked up.")).toHaveCount(1);
  await expect(log.getByText(/^(Sent|Delivered|Read)$/)).toBeAttached({ timeout: 30_000 });
  await expectAccessible(page);
});

test("whoever reads further up in a long conversation stays there, and is told of what comes", async ({
  page,
}) => {
  await signUp(page, "Marigold & Co.");
  const person = { phoneNumberId: await numberOf(page), from: "+14155552303", name: "Meera Shah" };
  for (let index = 1; index <= 55; index += 1)
    await inSandbox("/inbound", { ...person, text: `Question ${index}.` });
  await page.goto("/inbox");
  const item = page.getByRole("link", { name: /Meera Shah/ });
  await expect(item).toContainText("Question 55.", { timeout: 30_000 });
  await item.click();
  const log = page.getByRole("log");
  await expect(log.getByText("Question 55.", { exact: true })).toBeVisible();

  await log.evaluate((element) => {
    element.scrollTop = element.scrollHeight / 2;
  });
  const read = log.getByText("Question 30.", { exact: true });
  const placeOf = async () => Math.round((await read.boundingBox())?.y ?? Number.NaN);
  const place = await placeOf();
  await inSandbox("/inbound", { ...person, text: "Are you there?" });

  await expect(log.getByText("Are you there?")).toBeAttached({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: "New messages" })).toBeVisible();
  expect(await placeOf()).toBe(place);
  // A mouse would scroll to it first.
  await page
    .getByRole("button", { name: "Show earlier messages" })
    .evaluate((button) => button.dispatchEvent(new MouseEvent("click", { bubbles: true })));
  await expect(log.getByText("Question 1.", { exact: true })).toBeAttached();
  expect(await placeOf()).toBe(place);
  await page.getByRole("button", { name: "New messages" }).click();
  await expect(log.getByText("Are you there?")).toBeInViewport();
});
