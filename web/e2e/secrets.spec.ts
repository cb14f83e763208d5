/** After a full run nothing that the server keeps or logs holds a secret, in any form that it could have. */
import type { Buffer } from "node:buffer";
import { Agent, Customer } from "./support/people.ts";
import { SETUP_TOKEN, TestServer } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

const LABEL = "Table by the window";
const TEXTS = ["The ring is under the third loaf", "Nobody but you may know of it"];

test("the database, its journal and the log hold no secret", async ({ browserOf, terminal, watch }) => {
  const server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN, RUST_LOG: "trace" });
  try {
    const partner = await server.createPartner("Quiet Jeweller");
    const secrets = new Map([
      ["the set-up token", SETUP_TOKEN],
      ["the password", partner.password],
      ["the recovery code", partner.recoveryCode],
      ["the API key's secret", partner.apiKey.split(".")[1] ?? ""],
      ["the label", LABEL],
      ...TEXTS.map((text) => [`the message "${text}"`, text] as const),
    ]);
    const desk = await browserOf({ permissions: ["clipboard-write"] }, server.url);
    const agent = new Agent(await desk.newPage(), server, watch);
    await agent.signIn(partner);
    await agent.page.getByText("Options", { exact: true }).click();
    await agent.page.getByLabel("Label").fill(LABEL);
    const sealed = await agent.makeLink("secrets");
    const customers = await browserOf({}, server.url);
    const theirs = await new Customer(await customers.newPage()).enter(sealed);
    const ours = await agent.openChat("secrets");
    for (const [thread, text] of [
      [theirs, TEXTS[0]],
      [ours, TEXTS[1]],
    ] as const) {
      await thread.send(text ?? "");
      await thread.status(text ?? "", "Read");
    }
    const plain = (await (
      await server.call("/api/generate-secure-link", { key: partner.apiKey, body: { chatId: "plain" } })
    ).json()) as { secureUrl: string };
    const guest = terminal("chat", "open", plain.secureUrl, "--json");
    await guest.event({ event: "ready" });
    await guest.end();
    const unused = await agentLink(server, partner.apiKey);
    watch.declare(/\/secure\/chat\//, 410);
    await (await customers.newPage()).goto(sealed);

    for (const [name, address] of Object.entries({ sealed, plain: plain.secureUrl, unused })) {
      addLink(secrets, name, address);
    }
    for (const cookie of [...(await desk.cookies()), ...(await customers.cookies())]) {
      secrets.set(`the cookie ${cookie.name}`, cookie.value.split(".").at(-1) ?? "");
    }
    for (const sent of watch.requests) {
      for (const [, name, value] of sent.matchAll(/"(claim|proof|auth|setupToken)":"([^"]+)"/g)) {
        secrets.set(`a ${name}: ${value?.slice(0, 6)}…`, value ?? "");
      }
    }
    await Promise.all([desk.close(), customers.close()]);
    await server.kill();
    expect([...secrets.keys()].some((name) => name.startsWith("a claim"))).toBe(true);
    expect([...secrets.keys()].some((name) => name.startsWith("the cookie wg_seat"))).toBe(true);
    expect(found(server, secrets)).toEqual([]);
    // The same search does find what is stored in clear, so it does search.
    expect(found(server, new Map([["the chat's name", "secrets"]])).join()).toContain("wicketgate.db");
  } finally {
    await server.stop();
  }
});

async function agentLink(server: TestServer, apiKey: string): Promise<string> {
  const words = ["--server", server.url, "--api-key", apiKey, "--json"];
  return JSON.parse(await server.run("link", "create", words)).secureUrl;
}

function addLink(secrets: Map<string, string>, name: string, address: string): void {
  const { pathname, hash } = new URL(address);
  secrets.set(`the id of the ${name} link`, pathname.split("/").at(-1) ?? "");
  // A plain link's fragment is the partner's public fingerprint.
  if (hash.startsWith("#1.")) secrets.set(`the fragment of the ${name} link`, hash.slice(3));
}

/** Where which secret was found: as it is, and as the bytes, hexadecimal or Base64 that it stands for. */
function found(server: TestServer, secrets: ReadonlyMap<string, string>): string[] {
  const places = [...server.stored(), { name: "the log", bytes: bytesOf(server.logged) }];
  const hits: string[] = [];
  for (const [name, secret] of secrets) {
    if (secret.length < 6) throw new Error(`${name} is too short to be searched for`);
    for (const place of places) {
      for (const [form, bytes] of forms(secret)) {
        if (place.bytes.includes(bytes)) hits.push(`${name} ${form} in ${place.name}`);
      }
    }
  }
  return hits;
}

function forms(secret: string): [string, Buffer][] {
  const raw = /^[A-Za-z0-9_-]{22,}$/.test(secret)
    ? globalThis.Buffer.from(secret, "base64url")
    : bytesOf(secret);
  return [
    ["as text", bytesOf(secret)],
    ["as bytes", raw],
    ["in hexadecimal", bytesOf(raw.toString("hex"))],
    ["in capital hexadecimal", bytesOf(raw.toString("hex").toUpperCase())],
    ["in Base64", bytesOf(raw.toString("base64").replace(/=+$/, ""))],
    ["in URL-safe Base64", bytesOf(raw.toString("base64url"))],
  ];
}

function bytesOf(text: string): Buffer {
  return globalThis.Buffer.from(text);
}
