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

/** axe finds nothing on the page as it is now. */
export async function expectAccessible(page: Page) {
  await expect(page.getByRole("heading").first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
  expect(found, `on ${page.url()}`).toEqual([]);
}

/** The page fits its width: nothing makes the whole of it scroll sideways. */
export async function expectToFit(page: Page) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `sideways scrolling on ${page.url()}`).toBeLessThanOrEqual(0);
}
