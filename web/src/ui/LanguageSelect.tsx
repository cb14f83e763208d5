/** Lets a person choose the page's language by hand: the browser's own list, each language by its own name. */
import { useEffect, useRef, useState } from "preact/hooks";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n/languages.ts";
import type { PageLanguage } from "../i18n/PageLanguage.ts";
import { t } from "../i18n/t.ts";
import { announce } from "./announcer.ts";

export function LanguageSelect({ language }: { readonly language: PageLanguage }) {
  const list = useRef<HTMLSelectElement>(null);
  const [failed, setFailed] = useState(false);
  // Where the page is drawn anew in another language, whoever chose it goes on from here.
  useEffect(() => {
    if (language.takeChosen()) list.current?.focus();
  }, [language, language.current.value]);
  const choose = async (select: HTMLSelectElement) => {
    const chosen = LANGUAGES.find((each) => each === select.value);
    const loaded = !chosen || (await language.choose(chosen));
    setFailed(!loaded);
    if (loaded) return;
    select.value = language.current.peek();
    announce(t("fault.network"));
  };
  return (
    <>
      <span class="language">
        {/* The list is as wide as its longest name in some browsers, and framed in others: this is what is seen of it. */}
        <span aria-hidden="true" lang={language.current.value}>
          {LANGUAGE_NAMES[language.current.value]}
        </span>
        <select
          ref={list}
          aria-label={t("app.language")}
          aria-describedby={failed ? "language-fault" : undefined}
          value={language.current.value}
          onChange={({ currentTarget }) => void choose(currentTarget)}
        >
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each}>
              {LANGUAGE_NAMES[each]}
            </option>
          ))}
        </select>
      </span>
      {failed ? (
        // It was announced; where it stands may be a log.
        <p id="language-fault" class="field-error" aria-live="off">
          {t("fault.network")}
        </p>
      ) : null}
    </>
  );
}
