/** A question or a panel over the page: the browser's own dialog, which keeps the focus in it. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n/t.ts";
import { seatAnnouncer } from "./announcer.ts";

interface DialogProps {
  readonly title: ComponentChildren;
  /** Called when the person leaves it, by Escape as well. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Is open as long as it is rendered. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before it is painted: the next key is for the question.
  useLayoutEffect(() => {
    const dialog = element.current;
    // By hand, for a dialog that leaves the page with its component no longer gives the focus back by itself.
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      seatAnnouncer();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-body">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

/** Something to look at, with a button that leaves it. */
export function Panel({ title, onClose, children }: DialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          {t("action.close")}
        </button>
      </div>
    </Dialog>
  );
}

interface QuestionProps {
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
  readonly yes: string;
  readonly no: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** A plain question with two answers. */
export function Question({ title, children, yes, no, danger, busy, onYes, onNo }: QuestionProps) {
  return (
    <Dialog title={title} onClose={onNo}>
      <div>{children}</div>
      <div class="actions">
        <button type="button" class="button" onClick={onNo}>
          {no}
        </button>
        <button
          type="button"
          class={danger ? "button danger" : "button main"}
          aria-busy={busy ? "true" : undefined}
          onClick={() => busy || onYes()}
        >
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
