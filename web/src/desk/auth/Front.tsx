/** The frame of the pages before the desk: one card under the wicket, and the list of languages. */
import type { ComponentChildren } from "preact";
import type { PageLanguage } from "../../i18n/PageLanguage.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { LanguageSelect } from "../../ui/LanguageSelect.tsx";
import { Wicket } from "../../ui/Wicket.tsx";

interface FrontProps {
  readonly language: PageLanguage;
  readonly children: ComponentChildren;
}

export function Front({ language, children }: FrontProps) {
  return (
    <div class="front">
      <header>
        <p class="brand">
          <Wicket state="valid" size="small" />
          <span>{tDesk("app.name")}</span>
        </p>
      </header>
      <main id="page" class="card front-card">
        {children}
      </main>
      <footer>
        <LanguageSelect language={language} />
      </footer>
    </div>
  );
}
