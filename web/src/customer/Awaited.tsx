/** Stands in for the seldom part of the page until it is here, and says so if it can't be had. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { faultText } from "../i18n/fault.ts";
import { t } from "../i18n/t.ts";
import { Again } from "../ui/Again.tsx";
import type { SeldomLoader } from "./SeldomLoader.ts";
import type { Seldom } from "./seldom.ts";

interface AwaitedProps {
  readonly loader: SeldomLoader;
  /** What is to be seen meanwhile. */
  readonly before?: ComponentChildren;
  /** For what can be left: the person does without it. */
  readonly onClose?: () => void;
  readonly children: (seldom: Seldom) => ComponentChildren;
}

/** Fetches the part, then shows what is made of it. */
export function Awaited({ loader, before, onClose, children }: AwaitedProps) {
  useEffect(() => void loader.fetch(), [loader]);
  const state = loader.state.value;
  switch (state.kind) {
    case "asked":
      return <>{before}</>;
    case "here":
      return <>{children(state.seldom)}</>;
    case "failed":
      return (
        <div class="notice danger" role="alert">
          <p>{faultText(state.fault)}</p>
          <Again fault={state.fault} onAgain={() => void loader.fetch()} />
          {onClose ? (
            <button type="button" class="button bare" onClick={onClose}>
              {t("action.close")}
            </button>
          ) : null}
        </div>
      );
    default:
      return state satisfies never;
  }
}
