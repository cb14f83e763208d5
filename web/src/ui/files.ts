/** Files that are dropped or pasted: a browser leaves the page for the one, and forgets the other without a word. */

/** Refuses them, and tells. */
export function refuseFiles(page: Document, told: () => void): void {
  const come = (event: DragEvent | ClipboardEvent) => {
    const { type, target } = event;
    const carried = "dataTransfer" in event ? event.dataTransfer : event.clipboardData;
    const has = (kind: string) => carried?.types.includes(kind);
    const text = has("text/plain");
    // A part of a document comes as a picture of itself as well, and is text.
    const file = has("Files") && !(text && has("text/html"));
    const field = target instanceof Element && target.matches("input,textarea");
    // A link leads away as well, where it is not taken as text.
    if (!file && (type === "paste" || (text && field))) return;
    event.preventDefault();
    if (file && type !== "dragover") told();
  };
  page.ondragover = come;
  page.ondrop = come;
  page.onpaste = come;
}
