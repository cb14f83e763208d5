/** How the driver makes a page as wide as it is to be, where the page hears of it late. */
import { type Pane, type Size, sizeTo } from "./drive/pane.ts";
import { expect, test } from "./support.ts";

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 800 };

/** A window that is what was asked for, and a page that says a few times more what it was. Notes what it is asked for. */
class LatePane implements Pane {
  readonly asked: Size[] = [];
  #window: Size;
  #said: Size[];

  /** `heard` is what the page says at first, once each; afterwards it knows its window. */
  constructor(
    private readonly around: Size,
    window: Size,
    heard: readonly Size[] = [],
  ) {
    this.#window = window;
    this.#said = [...heard];
  }

  async window(): Promise<Size> {
    return this.#window;
  }

  async page(): Promise<Size> {
    return this.#said.shift() ?? this.#known();
  }

  async ask(window: Size): Promise<void> {
    this.asked.push(window);
    const before = this.#known();
    this.#said = [before, before, before];
    this.#window = window;
  }

  #known(): Size {
    const { width, height } = this.#window;
    return { width: width - this.around.width, height: height - this.around.height };
  }
}

test("a window is asked for once, however late its page hears of it", async () => {
  const pane = new LatePane({ width: 0, height: 143 }, { width: 1280, height: 943 });
  await sizeTo(pane, PHONE);
  expect(pane.asked).toEqual([{ width: 390, height: 943 }]);
  expect(await pane.page()).toEqual(PHONE);
});

test("a page that is wide enough already stays", async () => {
  const pane = new LatePane({ width: 0, height: 0 }, DESK);
  await sizeTo(pane, DESK);
  expect(pane.asked).toEqual([DESK]);
});

test("a window that has just been opened is asked for when its page knows it", async () => {
  const heard = [
    { width: 0, height: 0 },
    { width: 1366, height: 682 },
  ];
  const pane = new LatePane({ width: 0, height: 86 }, { width: 1280, height: 768 }, heard);
  await sizeTo(pane, PHONE);
  expect(pane.asked).toEqual([{ width: 390, height: 886 }]);
});
