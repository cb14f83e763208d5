/** The loading of the seldom part: once, in the language of the page, and again after a failure. */
import { describe, expect, test } from "vitest";
import type { Language } from "../i18n/languages.ts";
import { SeldomLoader } from "./SeldomLoader.ts";
import type { Seldom } from "./seldom.ts";

function seldom(current: Language[], before: (language: Language) => void = () => {}): Seldom {
  const loadSeldomTexts = async (language: Language) => {
    before(language);
    return () => void current.push(language);
  };
  return { loadSeldomTexts } as unknown as Seldom;
}

const reached = async () => true;

describe("the seldom part", () => {
  test("comes once, however often it is asked for", async () => {
    let loads = 0;
    const part = seldom([]);
    const load = async () => {
      loads += 1;
      return part;
    };
    const loader = new SeldomLoader(load, () => "en", reached);
    expect(await loader.texts("de")).toBeTypeOf("function");
    expect(loads).toBe(0);
    await Promise.all([loader.fetch(), loader.fetch()]);
    await loader.fetch();
    expect([loads, loader.state.value.kind]).toEqual([1, "here"]);
  });

  test("ends up in the language that was chosen meanwhile", async () => {
    const current: Language[] = [];
    let chosen: Language = "de";
    const part = seldom(current, () => {
      chosen = "ja";
    });
    await new SeldomLoader(
      async () => part,
      () => chosen,
      reached,
    ).fetch();
    expect(current).toEqual(["de", "ja"]);
  });

  test("is in English where its texts can't be had", async () => {
    const part = seldom([], () => {
      throw new Error("offline");
    });
    const loader = new SeldomLoader(
      async () => part,
      () => "de",
      reached,
    );
    await loader.fetch();
    expect(loader.state.value.kind).toBe("here");
  });

  test("keeps no choice of a language waiting, and takes it if it comes meanwhile", async () => {
    const current: Language[] = [];
    let come: (part: Seldom) => void = () => {};
    let chosen: Language = "en";
    const loader = new SeldomLoader(
      () => new Promise((resolve) => (come = resolve)),
      () => chosen,
      reached,
    );
    const fetched = loader.fetch();
    const apply = await loader.texts("fr");
    come(seldom(current));
    await fetched;
    expect(current).toEqual(["en"]);
    apply();
    chosen = "fr";
    await expect.poll(() => current.at(-1)).toBe("fr");
  });

  test("says that it failed, and is fetched anew", async () => {
    const loads = [Promise.reject(new Error("offline")), Promise.resolve(seldom([]))];
    const loader = new SeldomLoader(
      async () => (await loads.shift()) ?? seldom([]),
      () => "en",
      async () => false,
    );
    await loader.fetch();
    expect(loader.state.value).toMatchObject({ kind: "failed", fault: { code: "network" } });
    await loader.fetch();
    expect(loader.state.value.kind).toBe("here");
  });

  test("is gone for good where a server that answers does not have it", async () => {
    const loader = new SeldomLoader(
      () => Promise.reject(new TypeError("404")),
      () => "en",
      reached,
    );
    await loader.fetch();
    expect(loader.state.value).toMatchObject({ kind: "failed", fault: { code: "not_loaded" } });
  });
});
