/** The tabs of this browser: each has a name, and lives as long as its page holds the lock of that name. */
import { nextCid } from "./nextCid.ts";
import { locks } from "./tabLock.ts";

/** What a tab knows of itself and the others. */
export interface Tab {
  /** Its name: the same after a reload, and another one in a copy of the tab. */
  named(): Promise<string>;
  /** The names of those that live. */
  living(): Promise<readonly (string | undefined)[]>;
}

const KEPT = "wicketgate.tab";

let name: Promise<string> | null = null;

/** The tab of this page. */
export const thisTab: Tab = {
  named() {
    name ??= take();
    return name;
  },
  async living() {
    return (await locks()?.query())?.held?.map(({ name }) => name) ?? [];
  },
};

async function take(): Promise<string> {
  let own = nextCid(Date.now());
  // A browser that keeps nothing for the tab has a new one with each load.
  try {
    const kept = sessionStorage.getItem(KEPT);
    if (kept && !(await thisTab.living()).includes(kept)) own = kept;
    sessionStorage.setItem(KEPT, own);
  } catch {}
  let release = (): void => {};
  const live = () =>
    locks()
      ?.request(
        own,
        () =>
          new Promise<void>((gone) => {
            release = gone;
          }),
      )
      .catch(() => {});
  live();
  // A page that rests behind the next one of its tab does not live, and a lock would keep it from resting.
  globalThis.onpagehide = () => release();
  globalThis.onpageshow = ({ persisted }) => persisted && live();
  return own;
}
