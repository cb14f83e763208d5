/** Where a chat could not be loaded. */

import { faultWords } from "../i18n/fault.ts";
import { saySeldom } from "../i18n/tSeldom.ts";
import { Notice } from "../link/Door.tsx";
import { Again } from "../ui/Again.tsx";

interface FailedProps {
  readonly fault: unknown;
  readonly onAgain: () => void;
}

/** Says why, and what can be done. */
export function Failed({ fault, onAgain }: FailedProps) {
  return (
    <Notice wicket="ajar" heading={saySeldom("chat.failed.heading")} reason={faultWords(fault)}>
      <Again main fault={fault} onAgain={onAgain} />
    </Notice>
  );
}
