/** Work that only one tab of a browser does at a time. */

/** Milliseconds after which a tab goes ahead: another may sleep with its turn, and nothing is sent twice for it. */
const PATIENCE = 5_000;

/** Does the work when it is this tab's turn; at once where a browser has no locks. */
export async function withTabLock(name: string, work: () => Promise<void>): Promise<void> {
  const turns = locks();
  if (!turns) return work();
  let begun = false;
  const begin = () => {
    begun = true;
    return work();
  };
  try {
    await turns.request(name, { signal: AbortSignal.timeout(PATIENCE) }, begin);
  } catch (fault) {
    if (begun) throw fault;
    await work();
  }
}

/** What this browser's tabs share, or nothing where it is too old. */
export function locks(): LockManager | undefined {
  return globalThis.navigator?.locks;
}
