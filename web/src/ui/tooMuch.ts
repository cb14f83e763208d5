/** What is far longer than any field is for would make the page slow, or be cut off without a word: it is not taken. */

/** The most characters of a field that does not say how many it takes. */
const MOST = 1_000;

/** Refuses what is pasted, dropped or typed beyond that, with a text at the field. A text area sees to itself. */
export function refuseTooMuch(page: Document, text: () => string): void {
  page.addEventListener("beforeinput", (event) => {
    const { target, data } = event;
    if (!(target instanceof HTMLInputElement) || !data) return;
    const { value, maxLength } = target;
    // Some kinds of fields do not say what is selected.
    const selected = (target.selectionEnd ?? value.length) - (target.selectionStart ?? 0);
    if (value.length - selected + data.length <= (maxLength > 0 ? maxLength : MOST)) return;
    event.preventDefault();
    tell(target, text());
  });
}

function tell(field: HTMLInputElement, sentence: string): void {
  field.setCustomValidity(sentence);
  field.reportValidity();
  // What was refused is not in the field: nothing is wrong with what is.
  const clear = () => field.setCustomValidity("");
  for (const event of ["input", "keydown", "blur"]) field.addEventListener(event, clear, { once: true });
}
