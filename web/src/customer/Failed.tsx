/** Where a chat could not be loaded. */

import { faultText } from "../i18n/fault.ts";
import { tSeldom } from "../i18n/tSeldom.ts";
import { Notice } from "../link/Door.tsx";
import { Again } from "../ui/Again.tsx";

interface FailedProps {
  readonly fault: unknown;
  readonly onAgain: () => void;
}

/** Says why, and what can be done. */
export function Failed({ fault, onAgain }: FailedProps) {
  return (
    <Notice wicket="ajar" heading={tSeldom("chat.failed.heading")} reason={faultText(fault)}>
      <Again main fault={fault} onAgain={onAgain} />
    </Notice>
  );
}
