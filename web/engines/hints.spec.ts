/** What a page says of its own browser is true of that browser. */
import words from "../src/say/seldom.en.json" with { type: "json" };
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
