/** The thread: a log that is read from its end, in which nothing jumps. */
import { effect, untracked, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { onSight } from "../api/pageLife.ts";
import { t } from "../i18n/t.ts";
import { Again } from "../ui/Again.tsx";
import type { ChatModel } from "./ChatModel.ts";
import { Pointed, pointing } from "./pointed.ts";
import { useRows } from "./Rows.tsx";
import { Stick } from "./stick.ts";

interface ThreadProps {
  readonly model: ChatModel;
  /** Who is on the other side. */
  readonly name: string;
  /** Says that the other side is typing. */
  readonly typing: ComponentChildren;
  /** What stands above the very first message. */
  readonly beginning: ComponentChildren;
  /** What stands where another browser became the customer, for the side that is told. */
  readonly seatLine?: (seat: number) => ComponentChildren;
  /** What is said of a fault that keeps it from being read. */
  readonly faultText: (fault: unknown) => string;
}

/** Screens from an end of what stands in the page at which more of the thread is brought there. */
const AHEAD = 1.5;

/** Shows a chat's messages. */
export function Thread({ model, name, typing, beginning, seatLine, faultText }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stick = useMemo(() => stickOf(model), [model]);
  const quiet = useQuiet(model);
  const pointed = useMemo(() => new Pointed(), [model]);
  const rows = useRows({ model, name, seatLine, pointed: pointed.cid.value });
  const focused = focusIn(content.current);
  useSeen(model, stick);
  useEffect(() => {
    const [box, inner] = [scroller.current, content.current];
    return box && inner ? stick.attach(box, inner, () => travel(box, model, stick)) : undefined;
  }, [stick]);
  useLayoutEffect(() => {
    stick.settle();
    if (focused && !focused.isConnected) refocus(scroller.current, focused);
  });
  // Not for what was sent before the thread was drawn in another language.
  const sent = useRef(model.sends.peek());
  useSignalEffect(() => {
    if (model.sends.value === sent.current) return;
    sent.current = model.sends.value;
    stick.toEnd();
  });
  // At once, and not after the next paint: a scroll in between would find the reader at the end of the wrong part.
  useEffect(() => effect(() => model.span.follow(stick.stuck.value)), [stick]);
  // A reader who is at the top already when the page before comes will not scroll any further.
  useSignalEffect(() => {
    const box = scroller.current;
    if (model.span.earlier.value === "more" && box) untracked(() => travel(box, model, stick));
  });
  const earlier = () => {
    stick.hold();
    void model.span.up();
  };
  const { count } = model.unseen;
  return (
    <div class="thread">
      <div
        ref={scroller}
        class="thread-scroll"
        role="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t("chat.log")}
        aria-live={quiet ? "off" : "polite"}
        aria-relevant="additions"
        {...pointing(pointed)}
        onKeyDown={(event) => keyed(event, model, stick, pointed)}
      >
        <div ref={content} class="thread-content">
          <Head model={model} beginning={beginning} onEarlier={earlier} />
          {rows}
        </div>
      </div>
      <div class="thread-foot">
        <p class="typing" hidden={!model.typing.value}>
          {typing}
        </p>
        {stick.stuck.value ? null : (
          <button type="button" class="button pill" onClick={() => stick.toEnd()}>
            {count.value > 0 ? t("chat.new", { count: count.value }) : t("chat.to_end")}
          </button>
        )}
      </div>
      <Failed model={model} faultText={faultText} />
    </div>
  );
}

function Failed({ model, faultText }: Pick<ThreadProps, "model" | "faultText">) {
  const phase = model.phase.value;
  if (phase.kind !== "failed") return null;
  return (
    <div class="notice danger thread-failed" role="alert">
      <p>{faultText(phase.fault)}</p>
      <Again fault={phase.fault} onAgain={() => void model.again()} />
    </div>
  );
}

// Whoever had left the end does not go back there because the page is said in another language.
function stickOf({ span }: ChatModel): Stick {
  const stick = new Stick(() => !span.part.peek().below);
  stick.stuck.value = span.first.peek() === null;
  return stick;
}

function focusIn(content: HTMLElement | null): Element | null {
  const focused = document.activeElement;
  return content?.contains(focused) ? focused : null;
}

// What had the focus may be far away by now; the keys that scroll must go on working. Copy goes along with the message.
function refocus(log: HTMLElement | null, left: Element): void {
  const next = left.matches(".copy") ? log?.querySelector<HTMLElement>(".copy") : null;
  (next ?? log)?.focus({ preventScroll: true });
}

function keyed(
  event: TargetedKeyboardEvent<HTMLDivElement>,
  model: ChatModel,
  stick: Stick,
  pointed: Pointed,
): void {
  const { key, target, currentTarget: log } = event;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // A list of choices has its own use for these keys.
  if (target instanceof HTMLSelectElement) return;
  const tools = target instanceof Element && target.matches(".copy");
  if (key === "Tab" && target === log) pointed.atNewest(log);
  if (key === "End") stick.toEnd();
  else if (key === "Home") {
    stick.toTop();
    model.span.toTop();
  } else if (tools && key === "ArrowUp") pointed.step(log, -1);
  else if (tools && key === "ArrowDown") pointed.step(log, 1);
  else return;
  event.preventDefault();
}

// Long before the reader reaches an end of what stands there, more of it does.
function travel(
  { scrollTop, scrollHeight, clientHeight }: HTMLElement,
  model: ChatModel,
  stick: Stick,
): void {
  if (stick.stuck.peek()) return;
  const near = AHEAD * clientHeight;
  if (scrollTop < near && model.span.earlier.peek() === "more") void model.span.up();
  if (scrollHeight - clientHeight - scrollTop < near) model.span.down();
}

interface HeadProps {
  readonly model: ChatModel;
  readonly beginning: ComponentChildren;
  readonly onEarlier: () => void;
}

function Head({ model, beginning, onEarlier }: HeadProps) {
  const earlier = model.span.earlier.value;
  const { kind } = model.phase.value;
  // What follows stays at the end.
  if (kind === "failed") return <div class="beginning" />;
  if (kind === "loading") return <p class="divider">{t("chat.loading")}</p>;
  if (earlier === "none") return <div class="beginning">{beginning}</div>;
  const loading = earlier === "loading";
  return (
    <div class="beginning">
      {earlier === "failed" ? <p class="quiet-text">{t("chat.earlier.failed")}</p> : null}
      <button type="button" class="button bare" aria-busy={loading ? "true" : undefined} onClick={onEarlier}>
        {loading ? t("chat.earlier.loading") : t("chat.earlier")}
      </button>
    </div>
  );
}

// History is not news: the log keeps quiet until it stands.
function useQuiet(model: ChatModel): boolean {
  const quiet = useSignal(true);
  useSignalEffect(() => {
    quiet.value = true;
    const { span, phase } = model;
    // Each move of the span counts, whether it had to be loaded or not.
    span.first.value;
    if (phase.value.kind === "loading" || span.earlier.value === "loading") return;
    const timer = setTimeout(() => {
      quiet.value = false;
    }, 300);
    return () => clearTimeout(timer);
  });
  return quiet.value;
}

// While they see the end, the person has seen it all.
function useSeen(model: ChatModel, stick: Stick): void {
  const visible = useSignal(document.visibilityState === "visible");
  useEffect(
    () =>
      onSight(document, (inSight) => {
        visible.value = inSight;
      }),
    [],
  );
  useSignalEffect(() => {
    const looking = stick.stuck.value && visible.value && model.phase.value.kind === "ready";
    model.receipts.looking = looking;
    if (looking && model.newest.value >= 0) model.saw();
  });
}
