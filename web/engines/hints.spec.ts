/** What a page says of its own browser is true of that browser. */
import german from "../src/i18n/catalogues/de/seldom.json" with { type: "json" };
import words from "../src/i18n/catalogues/en/seldom.json" with { type: "json" };
import { signIn } from "./people.ts";
import { test } from "./support.ts";

test("a browser that keeps notifications back is said to allow them where it does", async ({
  browserOf,
  engine,
  server,
}) => {
  const partner = await server.createPartner("Corner Bakery");
  const desk = await browserOf("agent");
  await desk.open(`${server.url}/signin`);
  await signIn(desk, partner);
  await desk.one({ is: "heading", called: "Links" });
  await desk.open(`${server.url}/partners/settings`);
  // Its person says no when WebKit asks, and said so to the others before.
  if (engine === "webkit")
    await desk.press({ is: "field", called: `${words["notify.alerts"]} ${words["notify.alerts.hint"]}` });
  await desk.says(
    engine === "webkit"
      ? "Open its settings, choose Websites, then Notifications"
      : "Press the icon beside the address, allow notifications",
    "main",
  );
});

test("a page speaks the first language that it knows of all that are wanted", async ({
  browserOf,
  server,
}) => {
  const customer = await browserOf("customer", { languages: ["sv-SE", "de-DE"] });
  await customer.open(`${server.url}/secure/chat/nobody-has-this-link1`);
  await customer.one({ is: "heading", called: german["door.not_found.heading"] });
  // The list of languages comes with the script.
  await customer.says("Deutsch", ".language");
});
