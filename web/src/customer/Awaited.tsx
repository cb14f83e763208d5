/** Stands in for the seldom part of the page until it is here, and says so if it can't be had. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { faultText } from "../i18n/fault.ts";
import { t } from "../i18n/t.ts";
import { Again } from "../ui/Again.tsx";
import type { Later } from "./later.ts";
import type { Seldom } from "./seldom.ts";

interface AwaitedProps {
  readonly later: Later;
  /** What is to be seen meanwhile. */
  readonly before?: ComponentChildren;
  /** For what can be left: the person does without it. */
  readonly onClose?: () => void;
  readonly children: (seldom: Seldom) => ComponentChildren;
}

/** Fetches the part, then shows what is made of it. */
export function Awaited({ later, before, onClose, children }: AwaitedProps) {
  useEffect(() => void later.fetch(), [later]);
  const coming = later.coming.value;
  switch (coming.kind) {
    case "asked":
      return <>{before}</>;
    case "here":
      return <>{children(coming.seldom)}</>;
    case "failed":
      return (
        <div class="notice danger" role="alert">
          <p>{faultText(coming.fault)}</p>
          <Again fault={coming.fault} onAgain={() => void later.fetch()} />
          {onClose ? (
            <button type="button" class="button bare" onClick={onClose}>
              {t("action.close")}
            </button>
          ) : null}
        </div>
      );
    default:
      return coming satisfies never;
  }
}
