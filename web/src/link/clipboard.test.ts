import { expect, test } from "vitest";
import { type ClipboardParts, copyLater, copyNow } from "./clipboard.ts";

class Item {
  readonly types = ["text/plain"];
  constructor(readonly items: Record<string, Promise<Blob>>) {}
}

function parts(over: {
  write?: boolean;
  writeText?: boolean;
  item?: boolean;
}): ClipboardParts & { held: string[] } {
  const held: string[] = [];
  const clipboard = {
    async write(items: ClipboardItem[]) {
      if (!over.write) throw new DOMException("no", "NotAllowedError");
      const blob = await (items[0] as unknown as Item).items["text/plain"];
      held.push((await blob?.text()) ?? "");
    },
    async writeText(text: string) {
      if (!over.writeText) throw new DOMException("no", "NotAllowedError");
      held.push(text);
    },
  };
  const made = over.item === false ? undefined : (Item as unknown as ClipboardParts["Item"]);
  return { clipboard, Item: made, held };
}

test("the clipboard gets the promise before it has an answer", async () => {
  const board = parts({ write: true });
  let begun = false;
  const spied = {
    ...board.clipboard,
    write: (items: ClipboardItem[]) => {
      begun = true;
      return board.clipboard?.write(items);
    },
  };
  let give: (text: string) => void = () => undefined;
  const text = new Promise<string>((resolve) => {
    give = resolve;
  });
  const done = copyLater(text, { ...board, clipboard: spied as never });
  expect(begun).toBe(true);
  give("https://a.example");
  expect(await done).toBe(true);
  expect(board.held).toEqual(["https://a.example"]);
});

test("the text itself is written where promises are refused", async () => {
  for (const board of [parts({ writeText: true }), parts({ writeText: true, item: false })]) {
    expect(await copyLater(Promise.resolve("text"), board)).toBe(true);
    expect(board.held).toEqual(["text"]);
  }
});

test("copying that did not happen is not claimed", async () => {
  expect(await copyLater(Promise.resolve("text"), parts({}))).toBe(false);
  expect(await copyNow("text", { clipboard: undefined, Item: undefined })).toBe(false);
  const board = parts({ write: true, writeText: true });
  expect(await copyLater(Promise.reject(new Error("no link was made")), board)).toBe(false);
  expect(board.held).toEqual([]);
});
