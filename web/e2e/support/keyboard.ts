/** A person with a keyboard and no mouse: goes from control to control, and always sees where they are. */
import { expect, type Locator, type Page } from "@playwright/test";

/** As many stops as no page has. */
const MANY = 80;

/** A keyboard on a page. */
export class Keyboard {
  constructor(readonly page: Page) {}

  /** Goes on with Tab until this has the focus. Each stop on the way must be seen. */
  async to(target: Locator, key = "Tab"): Promise<void> {
    await expect(target).toBeVisible();
    const passed: string[] = [];
    for (let stop = 0; stop < MANY; stop += 1) {
      await this.page.keyboard.press(key);
      passed.push(await this.here());
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`${target} was not reached by ${key}:\n${passed.join("\n")}`);
  }

  /** Goes back until this has the focus. */
  back(target: Locator): Promise<void> {
    return this.to(target, "Shift+Tab");
  }

  /** Goes there, and presses it. */
  async press(target: Locator, key = "Enter"): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press(key);
  }

  /** Goes to a field, and writes into it in place of what it holds. */
  async write(target: Locator, text: string): Promise<void> {
    await this.to(target);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.type(text);
  }

  /** Every stop from the beginning of the page to its end, by name. It must have an end. */
  async stops(): Promise<string[]> {
    const stops: string[] = [];
    await this.page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
    });
    for (let stop = 0; stop < MANY; stop += 1) {
      await this.page.keyboard.press("Tab");
      const name = await this.here();
      // Behind the last control comes the browser's own part, and then the page again.
      if (name === "" || (stops.length > 1 && name === stops[0])) return stops;
      stops.push(name);
    }
    throw new Error(`no end after ${MANY} stops:\n${stops.join("\n")}`);
  }

  /** Makes sure that whoever looks sees what has the focus; gives its name. */
  async here(): Promise<string> {
    let name = "";
    // What comes into sight with the focus takes its moment.
    const look = async () => {
      const seen = await this.page.evaluate(seeFocus);
      name = seen.name;
      return seen.fault;
    };
    await expect.poll(look, { intervals: [10, 50, 100], timeout: 2_000 }).toBeNull();
    return name;
  }
}

/** Which control has the focus, and what keeps it from being seen. */
function seeFocus(): { readonly name: string; readonly fault: string | null } {
  const here = document.activeElement;
  if (!here || here === document.body) return { name: "", fault: null };
  const label = here.getAttribute("aria-label") ?? here.closest("label")?.textContent ?? here.textContent;
  const name = `${here.tagName.toLowerCase()} ${(label ?? "").trim().slice(0, 40)}`;
  // A hidden radio button or check box is drawn by what stands beside it, a hidden list by what stands around it.
  const drawn =
    getComputedStyle(here).opacity === "0" ? (here.nextElementSibling ?? here.parentElement) : here;
  if (!drawn) return { name, fault: `nothing of ${name} is drawn` };
  const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(drawn);
  const outlined =
    outlineStyle !== "none" &&
    Number.parseFloat(outlineWidth) >= 2 &&
    !/, 0\)$|transparent/.test(outlineColor);
  if (!outlined && boxShadow === "none") return { name, fault: `${name} has no outline` };
  const box = drawn.getBoundingClientRect();
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  if (bottom - top < Math.min(box.height, 24) || right - left < Math.min(box.width, 24))
    return { name, fault: `${name} is out of sight at ${box.top} to ${box.bottom} of ${innerHeight}` };
  const tall = box.height > innerHeight;
  if (!tall && (box.top < -1 || box.bottom > innerHeight + 1))
    return { name, fault: `${name} is half out of sight at ${box.top} to ${box.bottom} of ${innerHeight}` };
  for (const [x, y] of [
    [(left + right) / 2, (top + bottom) / 2],
    [(left + right) / 2, top + 3],
    [(left + right) / 2, bottom - 3],
  ] as const) {
    const above = document.elementFromPoint(x, y);
    const own = above && (drawn.contains(above) || above.contains(drawn) || here.contains(above));
    if (!own && above !== here)
      return { name, fault: `${name} is covered by ${above?.outerHTML.slice(0, 120)}` };
  }
  return { name, fault: null };
}
