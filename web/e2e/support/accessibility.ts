/** Whether a page is accessible as it stands: axe in both schemes, text that is cut off or lies on other text, targets too small. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const FOLDER = process.env.WICKETGATE_PICTURES;

/** Keeps a picture where a folder is named. */
export async function picture(page: Page, name: string): Promise<void> {
  if (FOLDER) await page.screenshot({ path: `${FOLDER}/${name}.png` });
}

/** Asks axe in light and dark, the rules of WCAG 2.2 with its target sizes included. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await picture(page, `${name}-${colorScheme}`);
    const axe = new AxeBuilder({ page });
    // What is dark is the same page in other colours.
    if (colorScheme === "dark") axe.withRules("color-contrast");
    else axe.options({ rules: { "target-size": { enabled: true } } });
    const { violations } = await axe.analyze();
    const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    expect.soft(found, `${name}, ${colorScheme}`).toEqual([]);
  }
}

/** Makes sure that nothing scrolls sideways, no text is cut off, none lies on other text, and a finger hits each target. */
export async function expectReadable(page: Page, name: string): Promise<void> {
  await picture(page, name);
  expect.soft(await page.evaluate(findFaults), name).toEqual([]);
}

/** Sets text as WCAG 1.4.12 allows a reader to. A policy against styles does not hold for a sheet that is built. */
export async function spaceText(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }",
    );
    document.adoptedStyleSheets.push(sheet);
  });
}

/** Makes text as large as a reader's browser can set it. */
export async function enlargeText(page: Page, times: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: 16 * times, fixed: 13 * times } });
}

function findFaults(): readonly string[] {
  /** Pixels that a finger needs, each way. */
  const TARGET = 44;
  const faults: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    faults.push(`it scrolls sideways: ${document.documentElement.scrollWidth} of ${width}`);
  const dialog = document.querySelector("dialog[open]");
  const words: { readonly text: string; readonly box: DOMRect; readonly layer: Element | null }[] = [];
  const walker = document.createTreeWalker(dialog ?? document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim().slice(0, 40) ?? "";
    if (!element || text === "" || element.closest(".unseen,.skip,script,option,svg,datalist,noscript"))
      continue;
    // Rows far from what is seen are not laid out: where their words lie, nobody knows yet.
    if (
      !element.checkVisibility({
        visibilityProperty: true,
        opacityProperty: true,
        contentVisibilityAuto: true,
      })
    )
      continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    // Names that are cut after two lines on purpose, fields that scroll by themselves.
    const meant = element.closest("[class*=name], .chat-who, .thread-title, textarea");
    boxes: for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      if (box.left < -1 || box.right > width + 1) faults.push(`out of the page: ${text}`);
      for (let around: Element | null = element; around && !meant; around = around.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(around);
        const frame = around.getBoundingClientRect();
        const cutX = overflowX === "hidden" || overflowX === "clip";
        const cutY = overflowY === "hidden" || overflowY === "clip";
        // What is scrolled away is not seen.
        if (/auto|scroll/.test(overflowY) && (box.bottom > frame.bottom || box.top < frame.top))
          continue boxes;
        if (
          ((cutX && (box.left < frame.left - 2 || box.right > frame.right + 2)) ||
            (cutY && (box.top < frame.top - 2 || box.bottom > frame.bottom + 4))) &&
          showsIn(node, box)
        )
          faults.push(`cut off by ${around.className}: ${text}`);
        // A button's words stay in the button.
        if (around.tagName === "BUTTON" && (box.left < frame.left - 1 || box.right > frame.right + 1))
          faults.push(`wider than its button: ${text}`);
      }
      if (!meant) words.push({ text, box, layer: layerOf(element) });
    }
  }
  for (const [index, one] of words.entries()) {
    for (const other of words.slice(index + 1)) {
      if (one.layer !== other.layer) continue;
      const x = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const y = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (x > 2 && y > Math.min(one.box.height, other.box.height) * 0.4)
        faults.push(`"${one.text}" lies on "${other.text}"`);
    }
  }
  const pressed = "button, select, textarea, summary, input:not([type=hidden]), a[href]";
  for (const target of (dialog ?? document.body).querySelectorAll<HTMLElement>(pressed)) {
    // A link in a sentence is as high as its line; a way past the bar is seen only while it has the focus.
    if (
      target.matches("p a, .message-text a, .skip, .unseen") ||
      !target.checkVisibility({ contentVisibilityAuto: true })
    )
      continue;
    // Its label is pressed as well, and draws it.
    const { width: across, height } = (target.closest("label") ?? target).getBoundingClientRect();
    if (Math.round(across) < TARGET || Math.round(height) < TARGET)
      faults.push(`${across} x ${height} is small for ${target.outerHTML.slice(0, 80)}`);
  }
  return [...new Set(faults)];

  // Spaces at the end of a line hang over its edge, and there is nothing of them to be cut off.
  function showsIn(node: Node, box: DOMRect): boolean {
    const letter = document.createRange();
    return [...(node.textContent ?? "").matchAll(/\S/g)].some(({ index }) => {
      letter.setStart(node, index);
      letter.setEnd(node, index + 1);
      return [...letter.getClientRects()].some(
        ({ left, right, top }) => top === box.top && left >= box.left && right <= box.right,
      );
    });
  }

  // What is fixed lies over what scrolls, and is meant to.
  function layerOf(element: Element): Element | null {
    for (let around: Element | null = element; around; around = around.parentElement) {
      if (["fixed", "sticky", "absolute"].includes(getComputedStyle(around).position)) return around;
    }
    return null;
  }
}
