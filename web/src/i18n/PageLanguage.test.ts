/** Which language a page begins in, what stays of a choice, and what happens when texts can't be had. */
import { afterEach, describe, expect, test } from "vitest";
import { Choices } from "../ui/choices.ts";
import type { Language } from "./languages.ts";
import { PageLanguage } from "./PageLanguage.ts";
import { locale as formatting, setLocale } from "./t.ts";

afterEach(() => setLocale("en"));

function page(
  wanted: readonly string[],
  load: (language: Language) => Promise<() => void> = async () => () => {},
) {
  const root = { lang: "en", dir: "ltr" } as HTMLElement;
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
  const open = () => new PageLanguage({ root, wanted, choices: new Choices(() => storage), load });
  return { root, open };
}

describe("the language of a page", () => {
  test("is the browser's, with its dates and its direction", async () => {
    const { root, open } = page(["ar-EG", "en"]);
    const language = open();
    await language.begin();
    expect([language.current.value, root.lang, root.dir, formatting()]).toEqual(["ar", "ar", "rtl", "ar-EG"]);
  });

  test("is that of the server's first texts where the script is told a part of what is wanted", async () => {
    // "sv, de" reached the server; the script is told of the Swedish wish alone.
    const { root, open } = page(["sv-SE"]);
    root.lang = "de";
    const language = open();
    await language.begin();
    expect([language.current.value, root.lang, formatting()]).toEqual(["de", "de", "de"]);
  });

  test("stays as chosen by hand", async () => {
    const { root, open } = page(["ar-EG"]);
    const language = open();
    await language.begin();
    await language.choose("ja");
    expect([root.lang, root.dir, language.takeChosen(), language.takeChosen()]).toEqual([
      "ja",
      "ltr",
      true,
      false,
    ]);
    const next = open();
    await next.begin();
    expect([next.current.value, next.takeChosen()]).toEqual(["ja", false]);
  });

  test("is English when its texts can't be had", async () => {
    const asked: Language[] = [];
    const { root, open } = page(["de-DE"], async (language) => {
      asked.push(language);
      if (language !== "en") throw new TypeError("Failed to fetch dynamically imported module");
      return () => {};
    });
    const language = open();
    await language.begin();
    expect([language.current.value, root.lang, formatting(), asked]).toEqual([
      "en",
      "en",
      "en",
      ["de", "en"],
    ]);
  });

  test("stays what it is when the texts of a choice can't be had", async () => {
    const { root, open } = page(["de-DE"], async (language) => {
      if (language === "ja") throw new TypeError("Failed to fetch dynamically imported module");
      return () => {};
    });
    const language = open();
    await language.begin();
    expect(await language.choose("ja")).toBe(false);
    expect([language.current.value, root.lang, formatting()]).toEqual(["de", "de", "de-DE"]);
    expect(language.takeChosen(), "nothing was drawn anew").toBe(false);
    const next = open();
    await next.begin();
    expect(next.current.value).toBe("de");
    expect(await language.choose("fr")).toBe(true);
    expect([language.current.value, language.takeChosen()]).toEqual(["fr", true]);
  });

  test("is the last chosen, whichever texts come first", async () => {
    const waiting = new Map<Language, () => void>();
    const used: Language[] = [];
    const { open } = page([], (language) => {
      return new Promise((resolve) => waiting.set(language, () => resolve(() => used.push(language))));
    });
    const language = open();
    const french = language.choose("fr");
    const korean = language.choose("ko");
    waiting.get("ko")?.();
    await korean;
    waiting.get("fr")?.();
    await french;
    expect(used).toEqual(["ko"]);
    expect(language.current.value).toBe("ko");
  });

  test("needs no storage", async () => {
    const root = {} as HTMLElement;
    const choices = new Choices(() => {
      throw new DOMException("denied", "SecurityError");
    });
    const language = new PageLanguage({ root, wanted: ["tr"], choices, load: async () => () => {} });
    await language.begin();
    await language.choose("vi");
    expect(root.lang).toBe("vi");
  });
});
