/** The server's sentence that comes by itself unless the script takes over (`.unloaded` in `base.css`). */

/** Takes over: nothing comes by itself any more. Gives what says at once that a part of the page is missing. */
export function takeOver(page: Document): () => void {
  const late = page.querySelector<HTMLElement>(".unloaded");
  if (!late) return () => {};
  late.hidden = true;
  return () => {
    late.hidden = false;
    late.classList.add("now");
    const reload = late.querySelector("button");
    if (!reload) return;
    reload.hidden = false;
    reload.onclick = () => location.reload();
  };
}
