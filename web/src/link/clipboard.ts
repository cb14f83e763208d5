/** Copying that tells the truth: true only when the text is on the clipboard. */

/** The parts of the browser that copying needs; any of them may be missing. */
export interface ClipboardParts {
  readonly clipboard: Pick<Clipboard, "write" | "writeText"> | undefined;
  readonly Item: (new (items: Record<string, Promise<Blob>>) => ClipboardItem) | undefined;
}

/** What this browser has. */
export function browserClipboard(): ClipboardParts {
  return {
    clipboard: navigator.clipboard as Clipboard | undefined,
    Item: globalThis.ClipboardItem as ClipboardParts["Item"],
  };
}

/**
 * Copies a text that is still being made. Call it inside the click: Safari refuses a write that begins after an
 * `await`, so the clipboard is handed a promise at once, and only where that fails the text itself.
 */
export function copyLater(text: Promise<string>, parts: ClipboardParts): Promise<boolean> {
  return writePromise(text, parts).then(async (done) => {
    if (done) return true;
    const ready = await text.catch(() => null);
    return ready === null ? false : copyNow(ready, parts);
  });
}

/** Copies a text. */
export async function copyNow(text: string, { clipboard }: ClipboardParts): Promise<boolean> {
  try {
    if (!clipboard) return false;
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

async function writePromise(text: Promise<string>, { clipboard, Item }: ClipboardParts): Promise<boolean> {
  if (!clipboard || !Item) return false;
  const blob = text.then((ready) => new Blob([ready], { type: "text/plain" }));
  // The clipboard may refuse before it looks at the promise, whose own failure then nobody would handle.
  blob.catch(() => undefined);
  try {
    await clipboard.write([new Item({ "text/plain": blob })]);
    return true;
  } catch {
    return false;
  }
}
