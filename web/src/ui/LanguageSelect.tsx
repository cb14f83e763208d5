/** Lets a person choose the page's language by hand: the browser's own list, each language by its own name. */
import { useEffect, useRef } from "preact/hooks";
import { LANGUAGE_NAMES, LANGUAGES } from "../say/languages.ts";
import type { PageLanguage } from "../say/PageLanguage.ts";
import { say } from "../say/say.ts";
import { announce } from "./announcer.ts";

export function LanguageSelect({ language }: { readonly language: PageLanguage }) {
  const list = useRef<HTMLSelectElement>(null);
  // Where the page is drawn anew in another language, whoever chose it goes on from here.
  useEffect(() => {
    if (language.takeChosen()) list.current?.focus();
  }, [language, language.spoken.value]);
  return (
    <select
      ref={list}
      class="language"
      aria-label={say("app.language")}
      value={language.spoken.value}
      onChange={({ currentTarget }) => void chooseIn(currentTarget, language)}
    >
      {LANGUAGES.map((each) => (
        <option key={each} value={each} lang={each}>
          {LANGUAGE_NAMES[each]}
        </option>
      ))}
    </select>
  );
}

async function chooseIn(list: HTMLSelectElement, language: PageLanguage): Promise<void> {
  const chosen = LANGUAGES.find((each) => each === list.value);
  if (!chosen || (await language.choose(chosen))) return;
  list.value = language.spoken.peek();
  announce(say("fault.network"));
}
