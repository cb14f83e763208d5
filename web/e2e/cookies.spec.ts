/** A browser that blocks all cookies: nothing is used up or begun, and the pages say what to do. */
import type { BrowserContext, Page } from "@playwright/test";
import { withoutCookies } from "./support/cookieless.ts";
import { SETUP_TOKEN } from "./support/server.ts";
import { test as base, expect } from "./support/talk.ts";

const SIGN_IN_NEEDS =
  "This browser blocks cookies, and signing in needs one. Allow them for this site, then try again.";

const test = base.extend<{ readonly cookieless: BrowserContext }>({
  cookieless: async ({ device, launchOptions, playwright, server, watch }, use) => {
    await withoutCookies(playwright.chromium, { ...launchOptions, ...device }, async (context) => {
      watch.over(context, server.url);
      await use(context);
      // Otherwise all of this would say nothing.
      expect(await context.cookies()).toEqual([]);
    });
  },
});

test("the door says so and has no button, and the link opens where cookies are allowed", async ({
  cookieless,
  customer,
  link,
  server,
  watch,
}) => {
  const address = await link("no-cookies");
  const page = await cookieless.newPage();
  await page.goto(address);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("This browser blocks cookies");
  await expect(heading).toBeFocused();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "This browser blocks cookies" [level=1]
      - paragraph: The chat needs one to know you again.
      - paragraph: /Allow cookies for this site, then load this page again/
      - combobox "Language"
  `);
  await expect(page.getByRole("button")).toHaveCount(0);
  // The address stays whole, so that loading the page again is all that it takes.
  expect(page.url()).toBe(address);

  await page.reload();
  await expect(heading).toHaveText("This browser blocks cookies");
  expect(watch.requests.filter((request) => request.includes("validate-secure-link"))).toEqual([]);
  const linkId = /secure\/chat\/([\w-]{22})/.exec(address)?.[1];
  const door = await server.call("/api/links/door", { body: { linkId } });
  expect(await door.json()).toMatchObject({ state: "valid" });
  await customer.enter(address);
});

test("signing in says so, by password and by recovery code", async ({
  cookieless,
  partner,
  server,
  watch,
}) => {
  watch.declare(/\/api\/me$/, 401);
  const page = await cookieless.newPage();
  await page.goto(`${server.url}/signin`);
  await page.getByLabel("E-mail").fill(partner.email);
  await page.getByLabel("Password", { exact: true }).fill(partner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveText(SIGN_IN_NEEDS);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(partner.password);

  await page.getByRole("button", { name: "Use recovery code" }).click();
  await page.getByLabel("Recovery code").fill(partner.recoveryCode);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("alert")).toHaveText(SIGN_IN_NEEDS);
  expect(watch.requests.filter((request) => /\/api\/(signin|recovery)/.test(request))).toEqual([]);
});

test("setting up says so, and sets nobody up", async ({ cookieless, server, watch }) => {
  watch.declare(/\/api\/me$/, 401);
  const page = await cookieless.newPage();
  await page.goto(`${server.url}/setup#${SETUP_TOKEN}`);
  await fillSetup(page);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("alert")).toHaveText(SIGN_IN_NEEDS);
  expect(watch.requests.filter((request) => /^POST \S+\/api\/setup/.test(request))).toEqual([]);
});

async function fillSetup(page: Page): Promise<void> {
  await page.getByLabel("Organisation").fill("Cookieless Bakery");
  await page.getByLabel("E-mail").fill("cookieless@bakery.example");
  await page.getByLabel("Password", { exact: true }).fill("seven loaves before dawn");
}
