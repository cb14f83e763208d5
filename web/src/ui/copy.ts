/** What came of copying. */
export type Copied = "not_asked" | "yes" | "no";

/** Copies text, and tells whether it did. What `element` shows is selected where it can't be, for the system's own Copy. */
export async function copyText(text: string, element?: Element | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (element) getSelection()?.selectAllChildren(element);
    return false;
  }
}
