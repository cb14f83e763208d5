/** The frame of the pages before the desk: one card under the wicket. */
import type { ComponentChildren } from "preact";
import { sayDesk } from "../say/desk.ts";
import { Wicket } from "../ui/Wicket.tsx";

export function Front({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="front">
      <header>
        <p class="brand">
          <Wicket state="valid" size="small" />
          <span>{sayDesk("app.name")}</span>
        </p>
      </header>
      <main id="page" class="card front-card">
        {children}
      </main>
    </div>
  );
}
