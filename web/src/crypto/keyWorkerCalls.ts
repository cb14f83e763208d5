/** The calls of the key worker, wherever it runs, with the desk's half or without it. */
import { CustomerKeys } from "./customerKeys.ts";
import type { DeskKeys } from "./deskKeys.ts";
import type { DeskLinks } from "./deskLinks.ts";
import type { KeyWorker, SeatPlace, TabDraft } from "./keyWorkerApi.ts";
import type { Random, SeatBook } from "./seatBook.ts";
import type { Store } from "./store.ts";
import { unsentIn } from "./unsent.ts";

/** Random bytes of the platform. */
export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** What only an agent's key worker does. */
export interface DeskHalf {
  readonly keys: DeskKeys;
  readonly links: DeskLinks;
}

/** The calls over a store. `desk` gives the desk's half, or throws where there is none: a customer's page never has it. */
export function keyWorkerCalls(store: Store, desk: () => DeskHalf, random: Random = systemRandom): KeyWorker {
  const unsent = unsentIn(store);
  const customer = new CustomerKeys(store, unsent, random);

  async function seatsOf({ as, chatRef, seat }: SeatPlace): Promise<SeatBook> {
    if (as === "customer") {
      await customer.open(chatRef, seat);
      return customer.seats;
    }
    return desk().links.seats;
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

    sealText: async (place, cid, text) => (await seatsOf(place)).sealText(place, cid, text),
    readPage: async (place, page) => (await seatsOf(place)).readPage(place, page),
    readOwn: async (place, cid, body) => (await seatsOf(place)).readOwn(place, cid, body),
    safetyWords: async (place) => (await seatsOf(place)).safetyWords(place),

    createPartner: async (input) => desk().keys.createPartner(input),
    passwordAuth: async (password, salt, rounds) => desk().keys.passwordAuth(password, salt, rounds),
    recoveryAuth: async (code) => desk().keys.recoveryAuth(code),
    openRecovery: async (wrap) => desk().keys.openRecovery(wrap),
    unlock: async (account) => desk().keys.unlock(account),
    resumeKeyring: async () => desk().keys.resumeKeyring(),
    updateKeyring: async (account) => desk().keys.updateKeyring(account),
    async signOut() {
      const { keys, links } = desk();
      links.seats.forget(null);
      await keys.signOut();
    },
    async endSession() {
      const { keys, links } = desk();
      links.seats.forget(null);
      await keys.endSession();
    },
    newPassword: async (password) => desk().keys.newPassword(password),
    newRecoveryCode: async () => desk().keys.newRecoveryCode(),
    inboxCertificate: async () => desk().keys.inboxCertificate(),
    renewInbox: async (now) => desk().keys.renewInbox(now),
    retireEpochs: async (epochs) => desk().keys.retireEpochs(epochs),
    adoptKeyring: async (generation) => desk().keys.adoptKeyring(generation),
    completeApiKey: async (key) => desk().keys.completeApiKey(key),
    makeLink: async (chatId, label) => desk().links.makeLink(chatId, label),
    openLinks: async (rows) => desk().links.openLinks(rows),
    openLabels: async (rows) => desk().links.openLabels(rows),
    openSeats: async (rows) => desk().links.openSeats(rows),

    ...unsent,
    async drafts(as, chatRef) {
      const kept = await unsent.drafts(as, chatRef);
      if (as === "customer") return kept;
      const open = async ({ tab, text }: TabDraft) => ({
        tab,
        text: await desk().keys.openDraft(chatRef, text),
      });
      return Promise.all(kept.map(open));
    },
    async setDraft(as, chatRef, tab, words) {
      const bare = as === "customer" || words === "";
      await unsent.setDraft(as, chatRef, tab, bare ? words : await desk().keys.sealDraft(chatRef, words));
    },
  };
}
