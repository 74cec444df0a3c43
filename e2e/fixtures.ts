import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** A person with an account of their own, signed in; `page` then is the overview. */
export async function signUp(page: Page, businessName: string) {
  const email = `${crypto.randomUUID()}@example.com`;
  const password = crypto.randomUUID();
  await page.goto("/sign-up");
  await page.getByLabel("Business name").fill(businessName);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL("/");
  return { email, password };
}

/** axe finds nothing on the page, once its title is there and what fades in has done so. */
export async function expectAccessible(page: Page) {
  await expect(page.getByRole("heading").first()).toBeVisible();
  await expect(page).toHaveTitle(/./);
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
  expect(found, `on ${page.url()}`).toEqual([]);
}

/** The page fits its width: nothing makes the whole of it scroll sideways. */
export async function expectToFit(page: Page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `sideways scrolling on ${page.url()}`).toBeLessThanOrEqual(0);
}

const sandbox = process.env.SANDBOX_URL ?? "http://127.0.0.1:4010";

/** What a person does in WhatsApp; returns what the sandbox says. */
export async function inSandbox<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`${sandbox}/_sandbox${path}`, {
    method: body ? "POST" : "GET",
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${path}: ${response.status}`).toBe(true);
  return response.json();
}

/** The number of the account that is signed in, as Settings shows it. */
export async function numberOf(page: Page): Promise<string> {
  await page.goto("/settings/whatsapp");
  const { accounts } = await inSandbox<{ accounts: { phoneNumbers: { id: string }[] }[] }>("/accounts");
  const text = await page.locator("main").textContent();
  const number = accounts.flatMap(({ phoneNumbers }) => phoneNumbers).find(({ id }) => text?.includes(id));
  expect(number, "the account's number in Settings").toBeDefined();
  return number?.id ?? "";
}

/** A utility template with one variable, approved by the sandbox; `page` then shows it. */
export async function approveTemplate(page: Page, name: string, message: string) {
  await page.goto("/templates/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel(/Utility/).check();
  await page.getByRole("textbox", { name: "Message", exact: true }).fill(message);
  await page.getByLabel("{{1}} in the message").fill("Asha");
  await page.getByRole("button", { name: "Submit to WhatsApp" }).click();
  await expect(page.getByText("Approved").first()).toBeVisible({ timeout: 30_000 });
}
