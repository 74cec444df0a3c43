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

test("a link followed without a session leads to its page after signing in, and nowhere else", async ({
  page,
  context,
}) => {
  const account = await signUp(page, "Bramble Books");
  const signIn = async () => {
    await page.getByLabel("E-mail").fill(account.email);
    await page.getByLabel("Password", { exact: true }).fill(account.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  const here = new URL(page.url()).origin;
  // A page that is open asks the server now and then, and would go to the sign-in page by itself.
  const endSession = async () => {
    await page.goto("about:blank");
    await context.clearCookies();
  };
  await endSession();
  await page.goto("/contacts");
  await expect(page).toHaveURL("/sign-in?callbackUrl=%2Fcontacts");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await signIn();
  await expect(page).toHaveURL("/contacts");

  for (const [asked, shown] of [
    [
      "/contacts/segments?from=mail&to=%2F%2Fevil.example",
      "/contacts/segments?from=mail&to=%2F%2Fevil.example",
    ],
    ["/sign-in?callbackUrl=//evil.example", "/"],
    ["/sign-in?callbackUrl=/%5Cevil.example", "/"],
    ["/sign-in?callbackUrl=https:%2F%2Fevil.example", "/"],
    ["/sign-in?callbackUrl=%252F%252Fevil.example", "/%2F%2Fevil.example"],
  ] as const) {
    await endSession();
    await page.goto(asked);
    await signIn();
    await expect(page).toHaveURL(`${here}${shown}`);
    // Whoever is signed in already is led to the same place.
    if (asked.startsWith("/sign-in")) await page.goto(asked);
    await expect(page).toHaveURL(`${here}${shown}`);
  }
});
