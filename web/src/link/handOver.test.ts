import { expect, test } from "vitest";
import { mailAddress, share, sharerOf, smsAddress } from "./handOver.ts";

const link = {
  subject: "Private chat with Müller & Söhne",
  text: "Müller & Söhne: 100 % private? Open this:",
  url: "https://chat.example.org/secure/chat/AAAAAAAAAAAAAAAAAAAAAA#1.abc",
};

test("a mail holds the whole address: nothing of it is taken for a fragment or a parameter", () => {
  const address = new URL(mailAddress(link));
  expect(address.hash).toBe("");
  expect(mailAddress(link)).toContain("AAAAAAAAAAAAAAAAAAAAAA%231.abc");
  expect([...address.searchParams.keys()]).toEqual(["subject", "body"]);
  expect(address.searchParams.get("subject")).toBe(link.subject);
  expect(address.searchParams.get("body")).toBe(`${link.text}\r\n\r\n${link.url}\r\n`);
});

test("a mail that a program would cut off holds the link alone", () => {
  const long = { ...link, text: "密".repeat(200) };
  const parts = new URL(mailAddress(long)).searchParams;
  expect([parts.get("subject"), parts.get("body")]).toEqual([link.subject, `${link.url}\r\n`]);
  const bare = mailAddress({ ...long, subject: "密".repeat(200) });
  expect(bare.length).toBeLessThan(1_600);
  expect([...new URL(bare).searchParams]).toEqual([["body", `${link.url}\r\n`]]);
});

test("a text message that a program would cut off holds the link alone", () => {
  const address = new URL(smsAddress(link));
  expect(address.hash).toBe("");
  expect(address.searchParams.get("body")).toBe(`${link.text} ${link.url}`);
});

test("the share sheet is offered where there is one, and neither closing it nor a second press is a failure", async () => {
  expect(sharerOf({})).toBeNull();
  const given: unknown[] = [];
  const sharer = sharerOf({ canShare: () => true, share: async (data) => void given.push(data) });
  if (!sharer) throw new Error("no share sheet");
  expect(await share(sharer, link)).toBe(true);
  expect(given).toEqual([{ title: link.subject, text: link.text, url: link.url }]);
  const closed = { ...sharer, share: () => Promise.reject(new DOMException("", "AbortError")) };
  expect(await share(closed, link)).toBe(true);
  const again = { ...sharer, share: () => Promise.reject(new DOMException("", "InvalidStateError")) };
  expect(await share(again, link)).toBe(true);
  const refused = { ...sharer, share: () => Promise.reject(new DOMException("", "NotAllowedError")) };
  expect(await share(refused, link)).toBe(false);
});
