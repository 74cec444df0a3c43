import { expect, test } from "@playwright/test";
import { expectAccessible, expectToFit, signUp } from "./fixtures";

const pages = [
  "/",
  "/inbox",
  "/contacts",
  "/contacts/new",
  "/contacts/import",
  "/contacts/imports",
  "/contacts/segments",
  "/contacts/segments/new",
  "/templates",
  "/templates/new",
  "/campaigns",
  "/campaigns/new",
  "/settings",
  "/settings/whatsapp",
  "/settings/sending",
  "/settings/opt-out",
  "/settings/events",
  "/settings/events?result=failed&from=2026-01-01&to=2026-12-31&search=nobody",
  "/settings/security",
];

for (const { scheme, width } of [
  { scheme: "light", width: 1280 },
  { scheme: "dark", width: 1280 },
  { scheme: "dark", width: 390 },
] as const) {
  test(`every page of a new account is accessible and fits, ${scheme} at ${width} pixels`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 844 });
    await signUp(page, "Bramble Books");
    for (const path of pages) {
      const response = await page.goto(path);
      expect(response?.status(), path).toBe(200);
      await expectAccessible(page);
      await expectToFit(page);
    }
  });
}

test("a page that is not there says so", async ({ page }) => {
  await signUp(page, "Bramble Books");
  for (const path of [
    "/nothing",
    "/campaigns/nothing",
    `/campaigns/${crypto.randomUUID()}`,
    "/contacts/1",
    `/contacts/${crypto.randomUUID()}/consent`,
    `/contacts/${crypto.randomUUID()}/merge`,
    `/contacts/imports/${crypto.randomUUID()}`,
    `/contacts/imports/${crypto.randomUUID()}/people`,
    "/inbox/1",
    `/inbox/${crypto.randomUUID()}`,
    "/templates/1",
  ]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expectAccessible(page);
  }
});

test("whoever is signed out in between goes on where they were", async ({ page, context }) => {
  const { email, password } = await signUp(page, "Bramble Books");
  await page.goto("/contacts/new?from=list");
  await page.getByLabel("Phone number").fill("+14155552401");
  await context.clearCookies();
  await page.getByRole("button", { name: "Add contact" }).click();

  await expect(page.getByText("You are signed out. Sign in to go on where you were.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();

  await expect(page).toHaveURL("/contacts/new?from=list");
});
