/** What a network, a history and a second window do to a chat. */
import { enter, heard, makeLink, send, setUp, status, thread } from "./people.ts";
import { expect, test } from "./support.ts";

test("a message that is written on a cut line waits and is sent once, and the way back finds the chat", async ({
  browserOf,
  line,
  server,
}) => {
  const desk = await browserOf("agent");
  await setUp(desk, server);
  const customer = await browserOf("customer");
  await enter(customer, await makeLink(desk));
  await send(customer, "before the tunnel");
  await status(customer, "before the tunnel", /Sent|Delivered/);

  await test.step("in the tunnel", async () => {
    line.cut();
    await send(customer, "in the tunnel");
    await send(customer, "still in it");
    await status(customer, "still in it", /Waiting/);
    line.mend();
    await status(customer, "still in it", /Sent|Delivered/);
    await customer.reload();
    await heard(customer, "still in it");
    expect(await thread(customer)).toEqual(["before the tunnel", "in the tunnel", "still in it"]);
  });

  await test.step("another page and back", async () => {
    // One of ours: WebKit's driver does not come along to a page that is kept in another process.
    await customer.open(`${server.url}/`);
    await customer.back();
    await heard(customer, "still in it");
    await send(customer, "back again");
    await status(customer, "back again", /Sent|Delivered/);
    expect(await thread(customer)).toEqual([
      "before the tunnel",
      "in the tunnel",
      "still in it",
      "back again",
    ]);
  });

  await test.step("signing out in one window is seen in the other, and after the way back", async () => {
    await desk.open(`${server.url}/partners/settings`);
    await desk.one({ is: "heading", called: "Settings" });
    const first = await desk.newWindow();
    await desk.open(`${server.url}/partners/qrcodes`);
    await desk.one({ is: "heading", called: "Links" });
    await desk.press({ is: "button", called: "Sign out" });
    await desk.one({ is: "heading", called: "Sign in" });
    await first();
    await desk.one({ is: "heading", called: "Sign in" });
    await desk.open(`${server.url}/chat`);
    await desk.back();
    await desk.one({ is: "heading", called: "Sign in" });
  });
});
