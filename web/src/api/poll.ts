/** The slow way: one chat by long polling, told in the same frames as the socket's. */
import type { Api } from "./api.ts";
import { Problem } from "./problem.ts";
import { Backoff, pause } from "./retry.ts";
import type { Role, ServerFrame } from "./wire.ts";

/** Seconds that the server may hold an answer back. */
const WAIT = 20;
/** The same after news: more of it, which came before this page listened again, should not take long. */
const SOON = 2;

/** Milliseconds after an answer without a message, which may have come at once. */
const BREATH = 250;

/** What polling needs, and whom it tells. */
export interface Polling {
  readonly api: Api;
  readonly as: Role;
  readonly chat: string;
  /** The newest number that the page has. */
  readonly after: () => number;
  readonly signal: AbortSignal;
  readonly frame: (frame: ServerFrame) => void;
  /** Each answer, good or bad. */
  readonly answered: (problem: Problem | null) => void;
}

/** Polls until the signal, or until the server refuses for good. */
export async function pollChat(polling: Polling): Promise<void> {
  const backoff = new Backoff();
  let newest = 0;
  // The first answer comes at once, so that the page knows that this way works.
  let wait = 0;
  while (!polling.signal.aborted) {
    try {
      const [after, asked] = [Math.max(newest, polling.after()), performance.now()];
      newest = await pollOnce(polling, after, wait);
      backoff.worked();
      const quiet = newest === after && performance.now() - asked >= wait * 1000;
      wait = quiet ? WAIT : SOON;
      if (newest === after) await pause(BREATH, polling.signal);
    } catch (thrown) {
      if (polling.signal.aborted) return;
      const problem = Problem.of(thrown);
      polling.answered(problem);
      if (!problem.passing) return refused(polling, problem);
      wait = 0;
      const failure = problem.refusal ? "refused" : "lost";
      const least = 500 + backoff.after(failure, performance.now(), Math.random());
      await pause(Math.max(problem.retryAfter, least), polling.signal);
    }
  }
}

async function pollOnce(polling: Polling, after: number, wait: number): Promise<number> {
  const { api, as, chat, signal } = polling;
  const query = { after, wait, limit: 100, as };
  const timeout = (WAIT + 15) * 1000;
  const options = { path: { chatRef: chat }, query, signal, timeout };
  const { messages } = await api.call("GET /api/chats/{chatRef}/messages", options);
  if (signal.aborted) return after;
  polling.answered(null);
  for (const message of messages) polling.frame({ type: "message", ...message });
  for (const frame of await standing(polling)) if (!signal.aborted) polling.frame(frame);
  return messages.at(-1)?.seq ?? after;
}

// Receipts and presence, which the list of messages does not tell.
async function standing({ api, as, chat, signal }: Polling): Promise<readonly ServerFrame[]> {
  const options = { path: { chatRef: chat }, signal };
  if (as === "customer") {
    const view = await api.call("GET /api/chats/{chatRef}/seat", options);
    const reason = view.seat.closed ?? (view.endedAt ? "chat_ended" : null);
    return [
      { type: "seen", chat, by: "partner", ...view.partner },
      { type: "presence", chat, by: "partner", online: view.online },
      ...(reason ? [{ type: "closed", chat, reason } as const] : []),
    ];
  }
  const [row, { seats }] = await Promise.all([
    api.call("GET /api/chats/{chatRef}", options),
    api.call("GET /api/chats/{chatRef}/seats", options),
  ]);
  const seat = seats.at(-1);
  return [
    ...(seat ? [{ type: "seat", change: "opened", at: seat.openedAt, seat } as const] : []),
    ...seats.map((seat): ServerFrame => {
      return { type: "seen", chat, by: "customer", seat: seat.number, ...seat.customer };
    }),
    { type: "presence", chat, by: "customer", online: row.online },
  ];
}

function refused({ chat, frame }: Polling, problem: Problem): void {
  if (problem.code === "chat_ended") frame({ type: "closed", chat, reason: "chat_ended" });
  if (problem.code === "seat_closed") {
    frame({ type: "closed", chat, reason: problem.refusal?.seatClosed ?? "superseded" });
  }
}
