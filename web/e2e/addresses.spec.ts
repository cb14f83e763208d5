/** A link still opens where programs and people have bent its address, and never becomes another one. */
import { expect, test } from "./support/test.ts";

const OTHER = "1.__-_AwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

test("a bent address is whole again in the address bar, and opens its chat", async ({
  agent,
  browserOf,
  watch,
}) => {
  await agent.openLinks();
  const address = await agent.makeLink();
  const [door = "", fragment = ""] = address.split("#");
  const id = door.slice(-22);
  const bent = [
    `${door}#${fragment}_`,
    `${door}#${fragment}).`,
    `${door}#%20${fragment.slice(0, 20)}%E2%80%8B${fragment.slice(20)}`,
    `${door}%EF%BC%83${fragment}`,
    `${door}&#35;${fragment}`,
    `${door}?u=%23x&utm_source=mail#${fragment}`,
    `${door.replace(id, `${id.slice(0, 9)}%E2%80%8B${id.slice(9)}`)}#${fragment}`,
  ];
  // The server knows no link of a name that something was put into; the page does.
  watch.declare(/\/secure\/chat\//, 404);
  const page = await (await browserOf()).newPage();
  for (const text of bent) {
    await page.goto("about:blank");
    await page.goto(text);
    await expect(page.getByRole("button", { name: "Start secure chat" }), text).toBeEnabled();
    expect(page.url()).toBe(address);
  }
  await page.goto("about:blank");
  await page.goto(`${door}%23${OTHER}#${fragment}`);
  await expect(page.getByRole("heading", { name: "This link does not check out" })).toBeVisible();
  await page.goto("about:blank");
  await page.goto(`${door}%23${fragment}#`);
  await expect(page.getByRole("heading", { name: "This address is incomplete" })).toBeVisible();
  await page.goto("about:blank");
  await page.goto(`${door}#${fragment}-`);
  await page.getByRole("button", { name: "Start secure chat" }).click();
  await expect(page.getByRole("log")).toBeVisible();
});
