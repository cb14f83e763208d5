/** Opening rows on a desk whose keyring another device or tab may have renewed meanwhile. */
import type { KeyWorker, OpenedLink, OpenedSeat } from "../../crypto/keyWorkerApi.ts";

/** What opens rows. */
export type Opener = Pick<KeyWorker, "openLinks" | "openSeats">;

/**
 * Opens rows, those of an unknown epoch a second time with the newest keyring: only then is it the row's fault. `refresh`
 * rejects when nobody can say which keyring is the newest; a link is then left out, so that it is opened again later.
 */
export function withFreshKeyring(keyWorker: Opener, refresh: () => Promise<unknown>): Opener {
  return {
    async openLinks(rows) {
      const opened = await keyWorker.openLinks(rows);
      const late = opened.filter(isLate).map(({ idHash }) => idHash);
      if (late.length === 0) return opened;
      const others = opened.filter(({ idHash }) => !late.includes(idHash));
      try {
        await refresh();
      } catch {
        return others;
      }
      return [...others, ...(await keyWorker.openLinks(rows.filter(({ idHash }) => late.includes(idHash))))];
    },
    async openSeats(rows) {
      const opened = await keyWorker.openSeats(rows);
      if (!opened.some(isLate)) return opened;
      await refresh();
      return keyWorker.openSeats(rows);
    },
  };
}

// Also where the refresh brings nothing: another row's may have brought it a moment before.
function isLate(opened: OpenedLink | OpenedSeat): boolean {
  return opened.kind === "refused" && opened.code === "epoch";
}
