/** The vault itself, wherever it runs: in the worker for the pages, in the test's own thread for tests. */
import { CustomerVault } from "./customerVault.ts";
import type { DeskLinks } from "./deskLinks.ts";
import type { DeskVault } from "./deskVault.ts";
import type { Random, SeatBook } from "./seatBook.ts";
import type { Store } from "./store.ts";
import { unsentIn } from "./unsent.ts";
import type { SeatPlace, Vault } from "./vaultApi.ts";

/** Random bytes of the platform. */
export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A vault over a store, drawing its randomness from `random`. */
export function createVault(store: Store, random: Random = systemRandom): Vault {
  const unsent = unsentIn(store);
  const customer = new CustomerVault(store, unsent, random);
  // A customer's worker never loads the desk's half.
  let loading: Promise<DeskHalf> | null = null;
  const desk = (): Promise<DeskHalf> => {
    loading ??= loadDesk(store, random);
    return loading;
  };

  async function seatsOf({ as, chatRef, seat }: SeatPlace): Promise<SeatBook> {
    if (as === "customer") {
      await customer.open(chatRef, seat);
      return customer.seats;
    }
    return (await desk()).links.seats;
  }

  return {
    keeping: async () => store.keeping,

    checkLink: (offer, now) => customer.checkLink(offer, now),
    prepareRedemption: (offer, now) => customer.prepareRedemption(offer, now),
    pendingRedemption: (linkId) => customer.pendingRedemption(linkId),
    pendingRedemptions: () => customer.pendingRedemptions(),
    seatTaken: (linkId, given) => customer.seatTaken(linkId, given),
    dropRedemption: (linkId) => customer.dropRedemption(linkId),
    heldSeats: () => customer.heldSeats(),
    heldSeat: (chatRef) => customer.heldSeat(chatRef),
    forgetSeat: (chatRef) => customer.forgetSeat(chatRef),

    sealText: async (place, cid, words) => (await seatsOf(place)).sealText(place, cid, words),
    readPage: async (place, page) => (await seatsOf(place)).readPage(place, page),
    readOwn: async (place, cid, body) => (await seatsOf(place)).readOwn(place, cid, body),
    words: async (place) => (await seatsOf(place)).words(place),

    createPartner: async (input) => (await desk()).keys.createPartner(input),
    passwordAuth: async (password, salt, rounds) => (await desk()).keys.passwordAuth(password, salt, rounds),
    recoveryAuth: async (code) => (await desk()).keys.recoveryAuth(code),
    openRecovery: async (wrap) => (await desk()).keys.openRecovery(wrap),
    unlock: async (account) => (await desk()).keys.unlock(account),
    resumeDesk: async () => (await desk()).keys.resumeDesk(),
    updateKeyring: async (account) => (await desk()).keys.updateKeyring(account),
    async signOut() {
      const { keys, links } = await desk();
      links.seats.forget(null);
      await keys.signOut();
    },
    async endSession() {
      const { keys, links } = await desk();
      links.seats.forget(null);
      await keys.endSession();
    },
    newPassword: async (password) => (await desk()).keys.newPassword(password),
    newRecoveryCode: async () => (await desk()).keys.newRecoveryCode(),
    inboxCertificate: async () => (await desk()).keys.inboxCertificate(),
    renewInbox: async (now) => (await desk()).keys.renewInbox(now),
    retireEpochs: async (epochs) => (await desk()).keys.retireEpochs(epochs),
    adoptKeyring: async (generation) => (await desk()).keys.adoptKeyring(generation),
    completeApiKey: async (key) => (await desk()).keys.completeApiKey(key),
    makeLink: async (chatId, label) => (await desk()).links.makeLink(chatId, label),
    openLinks: async (rows) => (await desk()).links.openLinks(rows),
    openLabels: async (rows) => (await desk()).links.openLabels(rows),
    openSeats: async (rows) => (await desk()).links.openSeats(rows),

    ...unsent,
    async draft(as, chatRef) {
      const kept = await unsent.draft(as, chatRef);
      return as === "customer" || kept === "" ? kept : (await desk()).keys.openDraft(chatRef, kept);
    },
    async setDraft(as, chatRef, words) {
      const bare = as === "customer" || words === "";
      await unsent.setDraft(as, chatRef, bare ? words : await (await desk()).keys.sealDraft(chatRef, words));
    },
  };
}

interface DeskHalf {
  readonly keys: DeskVault;
  readonly links: DeskLinks;
}

async function loadDesk(store: Store, random: Random): Promise<DeskHalf> {
  const [{ DeskVault }, { DeskLinks }] = await Promise.all([
    import("./deskVault.ts"),
    import("./deskLinks.ts"),
  ]);
  const keys = new DeskVault(store, random);
  return { keys, links: new DeskLinks(keys, random) };
}
