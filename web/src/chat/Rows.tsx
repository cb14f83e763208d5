/** The rows of the thread as they are drawn. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { t } from "../i18n/t.ts";
import { Bubble } from "./Bubble.tsx";
import type { ChatModel } from "./ChatModel.ts";
import { Day } from "./Day.tsx";
import type { RefusedActions } from "./Refused.tsx";
import type { Row } from "./rows.ts";

interface RowsProps {
  readonly model: ChatModel;
  /** Who is on the other side. */
  readonly name: string;
  /** What stands where another browser became the customer, for the side that is told. */
  readonly seatLine?: ((seat: number) => ComponentChildren) | undefined;
  /** The message that is pointed at. */
  readonly pointed: string | null;
}

// The same row is drawn by the same node, which Preact passes over: what comes costs what it is, not what stands there.
/** Draws each row once, and anew only the one that is pointed at. */
export function useRows({ pointed, ...props }: RowsProps): readonly ComponentChildren[] {
  const { model, name } = props;
  const drawn = useMemo(() => new WeakMap<Row, ComponentChildren>(), [model, name]);
  return model.rows.value.map((row) => {
    if (row.kind === "message" && row.message.cid === pointed)
      return <RowView key={row.key} row={row} pointed {...props} />;
    const known = drawn.get(row);
    if (known) return known;
    const node = <RowView key={row.key} row={row} pointed={false} {...props} />;
    drawn.set(row, node);
    return node;
  });
}

interface RowProps extends Omit<RowsProps, "pointed"> {
  readonly row: Row;
  readonly pointed: boolean;
}

/** What can be done with a message that was refused. */
function refusedIn(model: ChatModel): RefusedActions {
  return {
    retry: ({ cid }) => void model.retry(cid),
    takeBack(message) {
      void model.takeBack(message);
      document.querySelector<HTMLElement>(".composer-box")?.focus();
    },
  };
}

function RowView({ row, model, name, seatLine, pointed }: RowProps) {
  switch (row.kind) {
    case "day":
      return <Day at={row.at} />;
    case "unread":
      return <p class="divider divider-line unread">{t("chat.unread")}</p>;
    case "seat":
      return <>{seatLine?.(row.seat)}</>;
    case "message": {
      const own = row.message.from === model.side;
      const speaker = own ? t("chat.you") : name;
      const refused = model.closed.value === null ? refusedIn(model) : null;
      return <Bubble row={row} own={own} speaker={speaker} pointed={pointed} refused={refused} />;
    }
    default:
      return row satisfies never;
  }
}
