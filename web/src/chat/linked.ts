/** A message's words as they are shown: what tells links apart is a file of its own, for most messages have none. */
import { signal } from "@preact/signals";
import type { Segment } from "./links.ts";

const splitter = signal<((text: string) => readonly Segment[]) | null>(null);
let asked = false;

/** The text in stretches. It is one until the file is here, and whoever shows it shows it anew then. */
export function segmentsOf(text: string): readonly Segment[] {
  // It comes with the first message, so that it is here before the first address.
  if (!asked) void load();
  return (text.includes("://") && splitter.value?.(text)) || [{ kind: "text", text }];
}

async function load(): Promise<void> {
  asked = true;
  try {
    const { segments } = await import("./links.ts");
    splitter.value = segments;
  } catch {
    // Without the line there are no links either; the next message tries again.
    asked = false;
  }
}
