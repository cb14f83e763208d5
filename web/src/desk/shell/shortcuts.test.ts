/** Which presses ask for which shortcut of the desk. */
import { expect, test } from "vitest";
import { type KeyPress, shortcutOf } from "./shortcuts.ts";

function press(keys: string): KeyPress {
  const parts = keys.split(" ");
  return {
    key: (parts.at(-1) ?? "").split("@")[0] ?? "",
    code: (parts.at(-1) ?? "").split("@")[1] ?? "",
    ctrlKey: parts.includes("Ctrl"),
    metaKey: parts.includes("Meta"),
    altKey: parts.includes("Alt"),
    shiftKey: parts.includes("Shift"),
  };
}

test.each([
  ["/", "find"],
  ["?", "help"],
  ["Shift ?", "help"],
  ["Ctrl k", "find"],
  ["Meta k", "find"],
  ["Alt Shift ArrowDown", "next_unread"],
  ["Alt Shift ArrowUp", "previous_unread"],
  ["Alt /", null],
  ["Ctrl /", null],
  ["Ctrl Shift K", null],
  ["k", null],
  ["Enter", null],
  // Russian, Greek, Arabic, Hebrew, Korean, Thai: the key that lies where K does.
  ["Ctrl л@KeyK", "find"],
  ["Meta л@KeyK", "find"],
  ["Ctrl κ@KeyK", "find"],
  ["Ctrl ن@KeyK", "find"],
  ["Ctrl ל@KeyK", "find"],
  ["Ctrl ㅏ@KeyK", "find"],
  ["Ctrl า@KeyK", "find"],
  // Dvorak, where K is printed elsewhere, and what is printed on the key in K's place.
  ["Ctrl k@KeyV", "find"],
  ["Ctrl t@KeyK", null],
  ["Ctrl л@KeyG", null],
  // The key with the slash, in Russian, Hebrew and Arabic; in German and French it has no slash.
  [".@Slash", "find"],
  ["Shift ,@Slash", "help"],
  ["ظ@Slash", "find"],
  ["Shift ؟@Slash", "help"],
  ["-@Slash", null],
  ["Shift _@Slash", null],
  ["!@Slash", null],
  [".@Period", null],
  [".@KeyE", null],
  ["Shift /@Digit7", "find"],
  ["Ctrl Alt Shift ArrowDown", null],
] as const)("%s asks for %s", (keys, shortcut) => {
  expect(shortcutOf(press(keys), false, true, false)).toBe(shortcut);
});

test("a person who writes, or wants no single keys, gets what they type", () => {
  for (const key of ["/", "?"]) {
    expect(shortcutOf(press(key), true, true, false)).toBeNull();
    expect(shortcutOf(press(key), false, false, false)).toBeNull();
  }
  expect(shortcutOf(press("Ctrl k"), true, false, false)).toBe("find");
  expect(shortcutOf(press("Alt Shift ArrowDown"), true, false, false)).toBe("next_unread");
});

test("on a Mac Command K finds chats, and Ctrl K is left to the text", () => {
  expect(shortcutOf(press("Meta k"), true, true, true)).toBe("find");
  expect(shortcutOf(press("Ctrl k"), true, true, true)).toBeNull();
});
