/** What the pages say to whoever does not see them: each as its tree of roles and names. */
import { Customer } from "./support/people.ts";
import { DESKTOP, expect, test } from "./support/talk.ts";

test("a screen reader finds the door's parts, valid and at each dead end", async ({
  agent,
  browserOf,
  link,
  server,
  watch,
}) => {
  watch.declare(/\/secure\/chat\//, 404);
  watch.declare(/\/secure\/chat\//, 410);
  const page = await (await browserOf(DESKTOP)).newPage();
  const main = page.getByRole("main");
  const address = await link("aria-door");
  await page.goto(address);
  await expect(new Customer(page).start).toBeEnabled();
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading /Corner Bakery invites you to a private chat/ [level=1]
      - paragraph
      - paragraph: /This link works once/
      - button "Start secure chat"
      - paragraph: /Verified by link/
      - combobox "Language"
  `);
  await page.goto(address.split("#", 1)[0] ?? "");
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "This address is incomplete" [level=1]
      - paragraph: /missing or was changed/
      - paragraph: /original message/
      - combobox "Language"
  `);
  await page.goto(`${server.url}/secure/chat/${"B".repeat(22)}`);
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Link not found" [level=1]
      - paragraph
      - paragraph: /Check the address/
      - combobox "Language"
  `);

  await agent.openLinks();
  const revoked = await agent.makeLink("aria-revoked");
  await agent.row("aria-revoked").getByRole("button", { name: "Revoke" }).click();
  await agent.page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(agent.row("aria-revoked")).toContainText("Revoked");
  await page.goto(revoked);
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Link has been revoked" [level=1]
      - paragraph: /ended/
      - paragraph: /new link/
      - combobox "Language"
  `);

  const other = new Customer(await (await browserOf(DESKTOP)).newPage());
  await other.enter(address);
  await page.goto(address);
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Link has already been used" [level=1]
      - paragraph: /once/
      - paragraph: /Ask Corner Bakery for a new link/
      - combobox "Language"
  `);
  // An expired link can't be waited for: the page is told that it is one.
  const expired = await link("aria-expired");
  await page.route(/\/secure\/chat\//, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace('"state":"valid"', '"state":"expired"');
    await route.fulfill({ response: answer, body });
  });
  await page.goto(expired);
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Link has expired" [level=1]
      - paragraph: /before anyone used it/
      - paragraph: /new link/
      - combobox "Language"
  `);
});

test("a screen reader finds the door's parts in Arabic", async ({ browserOf, link }) => {
  const page = await (await browserOf({ ...DESKTOP, locale: "ar" })).newPage();
  await page.goto(await link("aria-arabic"));
  await expect(page.locator("html[dir=rtl]")).toBeAttached();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading /Corner Bakery/ [level=1]
      - paragraph: /Corner Bakery/
      - paragraph
      - button /[ء-ي]+/
      - paragraph: /Corner Bakery/
      - combobox "اللغة"
  `);
});

test("a screen reader finds the parts of the customer's chat", async ({ talk }) => {
  const chat = await talk("aria-chat", DESKTOP);
  await chat.hear("Good morning");
  await chat.thread.send("Hello");
  await chat.thread.status("Hello", "Read");
  await expect(chat.page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Corner Bakery" [level=1]
      - button "End chat"
      - log "Conversation":
        - paragraph: This is the beginning of your chat with Corner Bakery.
        - paragraph: End-to-end encrypted, verified by link
        - paragraph: Today
        - text: /Corner Bakery:/
        - paragraph: Good morning
        - text: /You:/
        - paragraph: Hello
        - paragraph: /Read/
      - textbox "Message"
      - button "Send" [disabled]
  `);
  await chat.page.getByRole("button", { name: "End chat" }).click();
  await expect(chat.page.getByRole("dialog")).toMatchAriaSnapshot(`
    - dialog "End this chat?":
      - heading "End this chat?" [level=2]
      - paragraph
      - button "Keep chatting"
      - button "End chat"
  `);
});

test("a screen reader finds the desk's parts: its bar, links, inbox with a thread, settings", async ({
  agent,
  browserOf,
  server,
}) => {
  const { page } = agent;
  await agent.openLinks();
  const address = await agent.makeLink("aria-desk");
  await expect(page.getByRole("banner")).toMatchAriaSnapshot(`
    - banner:
      - navigation "Desk":
        - list:
          - listitem:
            - link /Links/
          - listitem:
            - link /Chats/
          - listitem:
            - link /Settings/
      - button "Sign out"
  `);
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Links" [level=1]
      - button "Generate Secure Link"
      - group "Valid for":
        - radio "1 hour"
        - radio "24 hours" [checked]
      - region "The new link":
        - img "QR code"
        - textbox "Link address"
        - button "Copied"
        - button "Revoke"
        - button "Close"
      - region "Your links":
        - heading "Your links" [level=2]
        - combobox "Show"
        - list "Your links":
          - listitem:
            - paragraph:
              - strong: Valid
  `);
  const theirs = await new Customer(await (await browserOf(DESKTOP)).newPage()).enter(address);
  await theirs.send("Is it ready?");
  const ours = await agent.openChat("aria-desk");
  await expect(ours.message("Is it ready?")).toBeVisible();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - region "Chats":
        - heading "Chats" [level=1]
        - list "Chats":
          - listitem:
            - link /aria-desk/
      - region /aria-desk/:
        - heading /aria-desk/ [level=2]
        - button "New link"
        - button "End chat"
        - log "Conversation":
          - paragraph: Is it ready?
        - textbox "Message"
        - button "Send" [disabled]
  `);
  await page.goto(`${server.url}/partners/settings`);
  await expect(page.getByRole("list", { name: "Where you are signed in" })).toBeVisible();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Settings" [level=1]
      - region "Account":
        - heading "Account" [level=2]
        - definition:
          - combobox "Language"
      - region "Change password":
        - textbox "Current password"
        - button "Show password"
        - textbox "New password"
        - button "Show password"
        - button "Change password"
      - region "Recovery code":
        - textbox "Password"
        - button "Make a new code"
      - region "Where you are signed in":
        - list "Where you are signed in":
          - listitem:
            - paragraph: /This browser/
      - region "API keys":
        - textbox "What is it for?"
        - checkbox /May reopen existing chats/
        - button "Make API key"
  `);
});

test("a screen reader finds the parts of the pages to sign in and to set up", async ({
  browserOf,
  partner,
  server,
  watch,
}) => {
  watch.declare(/\/api\/me$/, 401);
  watch.declare(/\/api\/signin$/, 401);
  const page = await (await browserOf(DESKTOP)).newPage();
  await page.goto(`${server.url}/signin`);
  const main = page.getByRole("main");
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Sign in" [level=1]
      - textbox "E-mail"
      - textbox "Password"
      - button "Show password"
      - button "Sign in"
      - button "Use recovery code"
  `);
  await page.getByLabel("E-mail").fill(partner.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password at all");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - alert: The e-mail or the password is wrong.
  `);
  await page.goto(`${server.url}/setup#some-token`);
  await expect(main).toMatchAriaSnapshot(`
    - main:
      - heading "Set up Wicketgate" [level=1]
      - textbox "Organisation"
      - textbox "E-mail"
      - textbox "Password"
      - button "Set up"
  `);
});
