/** The thread: a log that is read from its end, in which nothing jumps. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { say } from "../say/say.ts";
import { Bubble } from "./Bubble.tsx";
import type { ChatModel } from "./ChatModel.ts";
import { Day } from "./Day.tsx";
import type { Row } from "./rows.ts";
import { Stick } from "./stick.ts";

interface ThreadProps {
  readonly model: ChatModel;
  /** Who is on the other side, where it is known. */
  readonly name: string | null;
  /** What stands above the very first message. */
  readonly beginning: ComponentChildren;
  /** What stands where another browser became the customer, for the side that is told. */
  readonly seatLine?: (seat: number) => ComponentChildren;
}

/** Pixels from the top at which earlier messages are fetched by themselves. */
const NEAR_TOP = 240;

/** Shows a chat's messages. */
export function Thread({ model, name, beginning, seatLine }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stick = useMemo(() => new Stick(), [model]);
  const quiet = useQuiet(model);
  const missed = useMissed(model, stick);
  const rows = model.rows.value;
  useEffect(() => {
    const [box, inner] = [scroller.current, content.current];
    if (!box || !inner) return undefined;
    return stick.attach(box, inner, () => {
      const near = box.scrollTop < NEAR_TOP && !stick.stuck.peek();
      if (near && model.earlier.peek() === "more") void model.loadEarlier();
    });
  }, [stick]);
  useLayoutEffect(() => stick.settle());
  useSignalEffect(() => {
    if (model.sends.value > 0) stick.toEnd();
  });
  return (
    <div class="thread">
      <div
        ref={scroller}
        class="thread-scroll"
        role="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={say("chat.log")}
        aria-live={quiet ? "off" : "polite"}
        aria-relevant="additions"
      >
        <div ref={content} class="thread-content">
          <Head model={model} beginning={beginning} />
          {rows.map((row) => (
            <RowView key={row.key} row={row} model={model} name={name} seatLine={seatLine} />
          ))}
        </div>
      </div>
      <div class="thread-foot">
        <p class="typing" hidden={!model.typing.value}>
          {name === null ? say("chat.typing.plain") : say.parts("chat.typing", { name: <bdi>{name}</bdi> })}
        </p>
        {stick.stuck.value ? null : (
          <button type="button" class="button pill" onClick={() => stick.toEnd()}>
            {missed.value > 0 ? say("chat.new", { count: missed.value }) : say("chat.to_end")}
          </button>
        )}
      </div>
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly model: ChatModel;
  readonly name: string | null;
  readonly seatLine: ThreadProps["seatLine"];
}

function RowView({ row, model, name, seatLine }: RowProps) {
  switch (row.kind) {
    case "day":
      return <Day at={row.at} />;
    case "unread":
      return <p class="divider unread">{say("chat.unread")}</p>;
    case "seat":
      return seatLine?.(row.seat) ?? null;
    case "message": {
      const own = row.message.from === model.side;
      const speaker = own ? say("chat.you") : (name ?? say("chat.other"));
      const retry = (cid: string) => void model.retry(cid);
      const open = model.closed.value === null;
      return <Bubble row={row} own={own} speaker={speaker} open={open} onRetry={retry} />;
    }
    default:
      return row satisfies never;
  }
}

function Head({ model, beginning }: { readonly model: ChatModel; readonly beginning: ComponentChildren }) {
  const earlier = model.earlier.value;
  if (model.phase.value.kind !== "ready") return <p class="divider">{say("chat.loading")}</p>;
  if (earlier === "none") return <div class="beginning">{beginning}</div>;
  const loading = earlier === "loading";
  return (
    <div class="beginning">
      {earlier === "failed" ? <p class="quiet-text">{say("chat.earlier.failed")}</p> : null}
      <button
        type="button"
        class="button bare"
        aria-busy={loading ? "true" : undefined}
        onClick={() => model.loadEarlier()}
      >
        {loading ? say("chat.earlier.loading") : say("chat.earlier")}
      </button>
    </div>
  );
}

// Loads of history are not news: the log keeps quiet until they stand.
function useQuiet(model: ChatModel): boolean {
  const quiet = useSignal(true);
  useSignalEffect(() => {
    const loading = model.phase.value.kind === "loading" || model.earlier.value === "loading";
    if (loading) {
      quiet.value = true;
      return;
    }
    const timer = setTimeout(() => {
      quiet.value = false;
    }, 300);
    return () => clearTimeout(timer);
  });
  return quiet.value;
}

// How many came below what the reader sees; and, while they see the end, that they have seen it.
function useMissed(model: ChatModel, stick: Stick) {
  const seen = useSignal(0);
  const visible = useSignal(document.visibilityState === "visible");
  useEffect(() => {
    const changed = () => {
      visible.value = document.visibilityState === "visible";
    };
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  }, []);
  useSignalEffect(() => {
    const newest = model.thread.value.findLast(({ seq }) => seq !== null)?.seq ?? 0;
    const looking = stick.stuck.value && visible.value && model.phase.value.kind === "ready";
    model.receipts.looking = looking;
    if (!looking) return;
    seen.value = Math.max(seen.peek(), newest);
    model.saw();
  });
  return useComputed(
    () =>
      model.thread.value.filter(({ from, seq }) => from !== model.side && seq !== null && seq > seen.value)
        .length,
  );
}
