/** What the server wrote into the page: nothing of it is believed before it is parsed. */
import type { Door } from "../api/wire.ts";

/** What the page is about. */
export type Boot =
  | { readonly kind: "door"; readonly linkId: string; readonly door: Door }
  | { readonly kind: "chat"; readonly chatRef: string }
  | { readonly kind: "nothing" };

const STATES: readonly Door["state"][] = ["valid", "used", "expired", "revoked", "not_found"];

/** Reads the boot data. */
export function parseBoot(text: string | null | undefined): Boot {
  const { linkId, door, chatRef } = members(json(text ?? ""));
  if (typeof chatRef === "string") return { kind: "chat", chatRef };
  const state = STATES.find((known) => known === members(door).state);
  if (typeof linkId === "string" && state)
    return { kind: "door", linkId, door: { ...(door as Door), state } };
  return { kind: "nothing" };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function members(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value : {};
}
