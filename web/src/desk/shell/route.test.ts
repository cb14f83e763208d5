import { expect, test } from "vitest";
import { HOME, routeOf, safeNext, signInPath } from "./route.ts";

const at = (address: string) => routeOf(new URL(address, "http://localhost"));

test("each page has its address", () => {
  expect(at("/setup#token")).toEqual({ kind: "setup" });
  expect(at("/signin")).toEqual({ kind: "signin", next: HOME });
  expect(at("/partners/qrcodes/")).toEqual({ kind: "links" });
  expect(at("/partners/chats")).toEqual({ kind: "chats", chat: null });
  expect(at(`/partners/chats/${"A".repeat(22)}`)).toEqual({ kind: "chats", chat: "A".repeat(22) });
  expect(at("/partners/settings")).toEqual({ kind: "settings" });
  expect(at("/partners/chats/short")).toEqual({ kind: "unknown" });
  expect(at("/elsewhere")).toEqual({ kind: "unknown" });
});

test("signing in leads back to the page that was asked for", () => {
  const wanted = `/partners/chats/${"B".repeat(22)}`;
  expect(at(signInPath(wanted))).toEqual({ kind: "signin", next: wanted });
  expect(signInPath(HOME)).toBe("/signin");
});

test("no address leads away from the desk", () => {
  const elsewhere = [
    "//evil.example/partners/x",
    "/\\evil.example/partners/",
    "https://evil.example",
    "javascript:alert(1)",
    "/signin",
    "/api/me",
    "/partners/../signin",
    "",
  ];
  for (const next of [...elsewhere, null]) expect(safeNext(next), String(next)).toBe(HOME);
});
