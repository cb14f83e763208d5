/** Who is signed in, and whether this browser holds the keys that go with it. */
import { computed, type Signal, signal } from "@preact/signals";
import { Problem } from "../../api/problem.ts";
import type { Me } from "../../api/wire.ts";
import { CryptoFailure } from "../../crypto/failure.ts";
import type { KeyringProposal, KeyWorker, NewPartner, OpenKeyring } from "../../crypto/keyWorkerApi.ts";
import type { DeskApi } from "../shell/deskApi.ts";
import type { OtherTabs } from "../shell/OtherTabs.ts";

export type AuthState =
  | { readonly kind: "loading" }
  | { readonly kind: "signed_out" }
  /** Signed in, but the keys are not in this browser: the password opens them. */
  | { readonly kind: "locked"; readonly me: Me }
  | { readonly kind: "ready"; readonly me: Me; readonly keyring: OpenKeyring }
  /**
   * Signed out here, but the server does not know: whoever has the cookie is still let in. While it is being told, there
   * is no fault yet.
   */
  | { readonly kind: "leaving"; readonly fault: unknown }
  | { readonly kind: "failed"; readonly fault: unknown };

/** The calls of the key worker that signing in needs. */
export type AuthKeyWorker = Pick<
  KeyWorker,
  | "createPartner"
  | "passwordAuth"
  | "recoveryAuth"
  | "openRecovery"
  | "unlock"
  | "resumeKeyring"
  | "updateKeyring"
  | "signOut"
  | "endSession"
  | "newPassword"
  | "newRecoveryCode"
  | "renewInbox"
  | "adoptKeyring"
>;

export interface AuthParts {
  readonly api: DeskApi;
  readonly keyWorker: AuthKeyWorker;
  readonly tabs: Pick<OtherTabs, "tell">;
  /** Unix seconds. */
  readonly now: () => number;
}

export class AuthModel {
  readonly state: Signal<AuthState> = signal({ kind: "loading" });
  /** Who is signed in, with keys or without. */
  readonly me = computed(() => {
    const state = this.state.value;
    return state.kind === "ready" || state.kind === "locked" ? state.me : null;
  });

  #leaving = false;

  constructor(private readonly parts: AuthParts) {}

  /** Whether somebody is signing out just now, rather than being signed out by the server. */
  get leaving(): boolean {
    return this.#leaving;
  }

  /** Looks who is signed in, and takes up the keys that were left here. */
  async start(): Promise<void> {
    this.state.value = { kind: "loading" };
    try {
      const me = await this.#me();
      if (me === null) return this.ended();
      await this.#resume(me);
    } catch (fault) {
      this.state.value = { kind: "failed", fault };
    }
  }

  /** Signs in. Rejects with what went wrong. */
  async signIn(email: string, password: string): Promise<void> {
    const { api, keyWorker } = this.parts;
    const { salt, rounds } = await api.call("POST /api/signin/start", { body: { email } });
    const auth = await keyWorker.passwordAuth(password, salt, rounds);
    await this.#enter(await api.call("POST /api/signin", { body: { email, auth } }));
  }

  /** Opens the keys of who is signed in already. Rejects with `unopened` when the password is wrong. */
  async unlock(password: string): Promise<void> {
    const state = this.state.value;
    if (state.kind !== "locked") return;
    const { salt, rounds } = state.me.stretching;
    await this.parts.keyWorker.passwordAuth(password, salt, rounds);
    await this.#enter(state.me);
  }

  /** Sets a new partner up with keys made before. Nobody is let in until {@link enterNew}. */
  setup(token: string, name: string, email: string, made: NewPartner): Promise<Me> {
    return this.parts.api.call("POST /api/setup", {
      body: { setupToken: token, name, email, ...made.request },
    });
  }

  /** Checks a recovery code, and opens what it opens. */
  async openRecovery(email: string, code: string): Promise<void> {
    const { api, keyWorker } = this.parts;
    const auth = await keyWorker.recoveryAuth(code);
    await keyWorker.openRecovery(await api.call("POST /api/recovery/start", { body: { email, auth } }));
  }

  /** Puts a new password and a new code in place of the old ones. Gives the code to show, and who may enter. */
  async recover(email: string, oldCode: string, password: string): Promise<{ code: string; me: Me }> {
    const { api, keyWorker } = this.parts;
    const auth = await keyWorker.recoveryAuth(oldCode);
    const record = await keyWorker.newPassword(password);
    const { code, recovery } = await keyWorker.newRecoveryCode();
    const me = await api.call("POST /api/recovery/finish", {
      body: { email, auth, password: record, recovery },
    });
    return { code, me };
  }

  /** Lets in who was just set up: the keys are open since they were made. */
  async enterNew(me: Me): Promise<void> {
    await this.#resume(me);
    this.parts.tabs.tell("in", me.agentId);
  }

  /** Lets in who has just recovered. */
  enterRecovered(me: Me): Promise<void> {
    return this.#enter(me);
  }

  /** Signs out, in every tab. The desk and its keys leave this browser first, however long the server takes. */
  async signOut(): Promise<void> {
    const me = this.me.peek();
    if (me) this.parts.tabs.tell("out", me.agentId);
    this.#leaving = true;
    if (this.state.peek().kind !== "leaving") this.state.value = { kind: "leaving", fault: null };
    await this.parts.keyWorker.signOut().catch(() => undefined);
    this.state.value = await this.#tellServer();
    this.#leaving = false;
  }

  /** An agent signs out in another tab, which tells the server. If it is this one, their keys and words go here too. */
  signedOutElsewhere(agentId: string): void {
    if (this.me.peek()?.agentId !== agentId) return;
    this.#leaving = true;
    this.state.value = { kind: "signed_out" };
    this.#leaving = false;
    // What is stored is gone by then; what this tab holds, or was about to store, is not.
    void this.parts.keyWorker.signOut().catch(() => undefined);
  }

  /** An agent signed in in another tab. Whoever is signed in here no longer is; who waits at the door comes in too. */
  async signedInElsewhere(agentId: string): Promise<void> {
    if (this.state.peek().kind === "ready" && this.me.peek()?.agentId === agentId) return;
    await this.start();
  }

  /** The session is over: its keys go. What the agent wrote stays, for whoever signs straight back in. */
  ended(): void {
    if (this.state.value.kind === "signed_out") return;
    this.state.value = { kind: "signed_out" };
    void this.parts.keyWorker.endSession().catch(() => undefined);
  }

  /** The account changed: a new password, a newer keyring. */
  changed(me: Me): void {
    const state = this.state.value;
    if (state.kind === "ready") this.state.value = { ...state, me };
  }

  /**
   * Looks again who is signed in, and takes a newer keyring. True when there was one. Another tab may have signed in as
   * somebody else meanwhile: the keys that are open here are then not theirs.
   */
  async refresh(): Promise<boolean> {
    if (this.state.value.kind !== "ready" || this.#leaving) return false;
    const me = await this.#me();
    const state = this.state.value;
    if (state.kind !== "ready") return false;
    if (me === null || me.agentId !== state.me.agentId) {
      if (me === null) this.ended();
      else await this.start();
      return false;
    }
    if (me.generation <= state.keyring.generation) return false;
    this.state.value = { kind: "ready", me, keyring: await this.parts.keyWorker.updateKeyring(me) };
    return true;
  }

  async #tellServer(): Promise<AuthState> {
    try {
      await this.parts.api.call("POST /api/signout");
      return { kind: "signed_out" };
    } catch (fault) {
      const out = Problem.of(fault).code === "unauthenticated";
      return out ? { kind: "signed_out" } : { kind: "leaving", fault };
    }
  }

  /** Null when nobody is signed in. */
  async #me(): Promise<Me | null> {
    try {
      return await this.parts.api.call("GET /api/me");
    } catch (fault) {
      if (Problem.of(fault).code === "unauthenticated") return null;
      throw fault;
    }
  }

  async #resume(me: Me): Promise<void> {
    const kept = await this.parts.keyWorker.resumeKeyring().catch(() => null);
    if (kept === null || kept.partnerId !== me.partnerId || kept.agentId !== me.agentId) {
      this.state.value = { kind: "locked", me };
      return;
    }
    await this.#ready(me, await this.parts.keyWorker.updateKeyring(me));
  }

  async #enter(me: Me): Promise<void> {
    const keyring = await this.parts.keyWorker.unlock(me);
    // The cookie is that of all tabs: one that goes on as somebody else would act in this agent's name.
    this.parts.tabs.tell("in", me.agentId);
    await this.#ready(me, keyring);
  }

  async #ready(me: Me, keyring: OpenKeyring): Promise<void> {
    this.state.value = { kind: "ready", me, keyring };
    // Renewing can wait for the next load: nothing that works now depends on it.
    await this.#renew().catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const { api, keyWorker, now } = this.parts;
    const proposal: KeyringProposal | null = await keyWorker.renewInbox(now());
    if (proposal === null) return;
    const { generation, copies, certificate } = proposal;
    const me = await api.call("POST /api/keyring", {
      body: { generation, copies: [...copies], certificate },
    });
    const keyring = await keyWorker.adoptKeyring(generation);
    if (this.state.value.kind === "ready") this.state.value = { kind: "ready", me, keyring };
  }
}

/** Whether a fault means that the password or code is wrong, wherever it was noticed. */
export function isUnopened(fault: unknown): boolean {
  return fault instanceof CryptoFailure && fault.code === "unopened";
}
