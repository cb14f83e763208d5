/** Whether cookies are kept is tried, with nothing left behind. */
import { expect, test } from "vitest";
import { keepsCookies } from "./cookies.ts";

/** A browser's cookies by name; one whose time is over goes. */
function jarOf(kept: Map<string, string>, written: string[] = []) {
  return {
    get cookie() {
      return [...kept].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(line: string) {
      written.push(line);
      const [pair = "", ...attributes] = line.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (attributes.includes("Max-Age=0")) kept.delete(name);
      else kept.set(name, value);
    },
  };
}

test("a browser that keeps cookies is recognised, and other cookies stay as they were", () => {
  const kept = new Map([["theirs", "1"]]);
  const written: string[] = [];
  expect(keepsCookies(jarOf(kept, written))).toBe(true);
  expect([...kept]).toEqual([["theirs", "1"]]);
  // One that goes with the browser, and never to another site.
  expect(written[0]).toMatch(/;SameSite=Strict$/);
});

test("a browser that takes cookies and forgets them keeps none", () => {
  const jar = {
    get cookie() {
      return "";
    },
    set cookie(_) {},
  };
  expect(keepsCookies(jar)).toBe(false);
});

test("a page that may not touch cookies keeps none", () => {
  const jar = {
    get cookie(): string {
      throw new DOMException("The document is sandboxed.", "SecurityError");
    },
    set cookie(_) {
      throw new DOMException("The document is sandboxed.", "SecurityError");
    },
  };
  expect(keepsCookies(jar)).toBe(false);
});
