/** Choices stay in the browser, or at least in the tab. */
import { expect, test } from "vitest";
import { Choices } from "./choices.ts";

test("a choice is kept for the browser, and every tab reads it", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
  const [one, other] = [new Choices(() => storage), new Choices(() => storage)];
  expect(one.get("sound")).toBeNull();
  one.set("sound", "off");
  expect(other.get("sound")).toBe("off");
  other.set("sound", "on");
  expect(one.get("sound")).toBe("on");
});

test("a choice lasts for the tab where nothing may be kept", () => {
  const refused = () => {
    throw new DOMException("no", "SecurityError");
  };
  const choices = new Choices(refused);
  expect(choices.get("sound")).toBeNull();
  choices.set("sound", "off");
  expect(choices.get("sound")).toBe("off");
  expect(new Choices(refused).get("sound")).toBeNull();
});
