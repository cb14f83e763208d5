/** What is dropped or pasted: files are refused in words, text goes where it is dropped, and nothing leads away. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refuseFiles } from "./files.ts";

class FakeElement {
  constructor(readonly field: boolean) {}

  matches(): boolean {
    return this.field;
  }
}

const field = new FakeElement(true);
const beside = new FakeElement(false);
let page: Document;
let told: number;

beforeEach(() => {
  vi.stubGlobal("Element", FakeElement);
  page = {} as Document;
  told = 0;
  refuseFiles(page, () => {
    told += 1;
  });
});

afterEach(() => void vi.unstubAllGlobals());

/** What becomes of something that comes this way: whether the browser does what it would, and whether it is told. */
function come(type: "dragover" | "drop" | "paste", target: FakeElement, types: readonly string[]) {
  const before = told;
  const preventDefault = vi.fn();
  const event = { type, target, preventDefault };
  const carried = { types };
  if (type === "paste") page.onpaste?.({ ...event, clipboardData: carried } as never);
  else page[`on${type}`]?.({ ...event, dataTransfer: carried } as never);
  return { prevented: preventDefault.mock.calls.length > 0, told: told > before };
}

test.each([
  ["of a folder", ["Files"]],
  ["with its name, as a Mac's", ["text/plain", "Files"]],
  ["that is a picture of a page", ["text/html", "Files"]],
  ["that is dragged off a page", ["text/uri-list", "text/html", "Files"]],
])("a file %s is refused, in words once it is there", (_, types) => {
  for (const target of [field, beside]) {
    expect(come("dragover", target, types)).toEqual({ prevented: true, told: false });
    expect(come("drop", target, types)).toEqual({ prevented: true, told: true });
    expect(come("paste", target, types)).toEqual({ prevented: true, told: true });
  }
});

test.each([
  ["text", ["text/plain"]],
  ["a link", ["text/uri-list", "text/plain", "text/html"]],
  ["a part of a document that comes as a picture as well", ["text/plain", "text/html", "text/rtf", "Files"]],
])("%s goes into a field, and leads nowhere beside it", (_, types) => {
  const left = { prevented: false, told: false };
  for (const type of ["dragover", "drop", "paste"] as const) expect(come(type, field, types)).toEqual(left);
  expect(come("paste", beside, types)).toEqual(left);
  for (const type of ["dragover", "drop"] as const)
    expect(come(type, beside, types)).toEqual({ prevented: true, told: false });
});

test("a link that is no text leads nowhere, not even from a field", () => {
  expect(come("drop", field, ["text/uri-list"])).toEqual({ prevented: true, told: false });
});
