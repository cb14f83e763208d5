/** The desk's keyboard shortcuts: what a press does, and the list of them. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/t.ts";
import { type DeskTextKey, tDesk } from "../../i18n/tDesk.ts";
import { composing } from "../../ui/composing.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import type { DeskModel } from "./DeskModel.ts";
import { chatPath } from "./route.ts";
import type { Session } from "./Session.ts";
import { FIND, isMac, isWriting, type Shortcut, shortcutOf } from "./shortcuts.ts";
import "./shortcuts.css";

interface ShortcutsProps {
  readonly desk: DeskModel;
  readonly session: Session;
  /** Whether the list of shortcuts is open. */
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** The choice whether shortcuts without a modifier do anything. */
const SINGLE = "single-keys";

export function Shortcuts({ desk, session, open, onOpen }: ShortcutsProps) {
  const { choices } = desk.notice;
  const [single, setSingle] = useState(() => choices.get(SINGLE) !== "off");
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      // A dialog has the keyboard to itself.
      if (event.defaultPrevented || composing(event) || document.querySelector("dialog[open]")) return;
      const shortcut = shortcutOf(event, isWriting(event.target), single, isMac());
      if (shortcut === null) return;
      event.preventDefault();
      if (shortcut === "help") onOpen(true);
      else void act(shortcut, desk, session);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [desk, session, single, onOpen]);
  const choose = (on: boolean) => {
    choices.set(SINGLE, on ? "on" : "off");
    setSingle(on);
  };
  return open ? <ShortcutList single={single} onSingle={choose} onClose={() => onOpen(false)} /> : null;
}

async function act(shortcut: Exclude<Shortcut, "help">, desk: DeskModel, session: Session): Promise<void> {
  switch (shortcut) {
    case "find": {
      const field = document.querySelector<HTMLElement>("input[type=search]");
      if (field?.checkVisibility()) field.focus();
      else desk.router.go("/partners/chats", "push", FIND);
      return;
    }
    case "next_unread":
    case "previous_unread": {
      const from = session.chat.peek()?.chatRef ?? null;
      const next = await session.inbox.findUnread(from, shortcut === "next_unread" ? 1 : -1);
      if (next === null) desk.notice.announce(tDesk("keys.unread.none"));
      else desk.router.go(chatPath(next));
      return;
    }
    default:
      shortcut satisfies never;
  }
}

interface ShortcutListProps {
  readonly single: boolean;
  readonly onSingle: (on: boolean) => void;
  readonly onClose: () => void;
}

function ShortcutList({ single, onSingle, onClose }: ShortcutListProps) {
  return (
    <Dialog title={tDesk("keys.heading")} onClose={onClose}>
      <dl class="keys">
        <Line textKey="keys.find">
          {single ? <kbd translate={false}>/</kbd> : null}{" "}
          <kbd translate={false}>{isMac() ? "⌘ K" : "Ctrl K"}</kbd>
        </Line>
        <Line textKey="keys.unread">
          <kbd translate={false}>Alt Shift ↓</kbd> <kbd translate={false}>Alt Shift ↑</kbd>
        </Line>
        <Line textKey="keys.move">
          <kbd translate={false}>↓</kbd> <kbd translate={false}>↑</kbd> <kbd translate={false}>Home</kbd>{" "}
          <kbd translate={false}>End</kbd>
        </Line>
        <Line textKey="keys.open">
          <kbd translate={false}>Enter</kbd>
        </Line>
        <Line textKey="keys.back">
          <kbd translate={false}>Esc</kbd>
        </Line>
        <Line textKey="keys.send">
          <kbd translate={false}>Enter</kbd>
        </Line>
        <Line textKey="keys.newline">
          <kbd translate={false}>Shift Enter</kbd>
        </Line>
        {single ? (
          <Line textKey="keys.help">
            <kbd translate={false}>?</kbd>
          </Line>
        ) : null}
      </dl>
      <label class="keys-single">
        <input type="checkbox" checked={single} onChange={(event) => onSingle(event.currentTarget.checked)} />
        <span>{tDesk("keys.single")}</span>
      </label>
      <div class="actions">
        <button type="button" class="button" onClick={onClose}>
          {t("action.close")}
        </button>
      </div>
    </Dialog>
  );
}

function Line({
  textKey,
  children,
}: {
  readonly textKey: DeskTextKey;
  readonly children: ComponentChildren;
}) {
  return (
    <div>
      <dt>{tDesk(textKey)}</dt>
      <dd>{children}</dd>
    </div>
  );
}
