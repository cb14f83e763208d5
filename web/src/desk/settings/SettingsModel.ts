/** What an agent may change: password, recovery code, sessions, API keys. */
import { type Signal, signal } from "@preact/signals";
import type { Me, Schemas } from "../../api/wire.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { passwordProblem } from "../../crypto/passwords.ts";
import { isBlank } from "../../text/blank.ts";
import { typedLine } from "../../text/typed.ts";
import type { AuthModel } from "../auth/AuthModel.ts";
import { faultOf, type SignInFault } from "../auth/SignInModel.ts";
import type { DeskApi } from "../shell/deskApi.ts";

type KeyRow = Schemas["KeyRow"];
type SessionRow = Schemas["SessionRow"];

/** Rows that are read when the page opens. */
export type Rows<Row> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly fault: unknown }
  | { readonly kind: "ready"; readonly rows: readonly Row[] };

/** Where a change stands. */
export type Change<Done> =
  | { readonly kind: "idle" }
  | { readonly kind: "working" }
  | { readonly kind: "refused"; readonly fault: SignInFault }
  | { readonly kind: "done"; readonly result: Done };

export interface SettingsParts {
  readonly api: DeskApi;
  readonly keyWorker: Pick<KeyWorker, "passwordAuth" | "newPassword" | "newRecoveryCode" | "completeApiKey">;
  readonly auth: Pick<AuthModel, "me" | "changed">;
}

export class SettingsModel {
  readonly password: Signal<Change<null>> = signal({ kind: "idle" });
  /** The result is the new code, to be shown once. */
  readonly recovery: Signal<Change<string>> = signal({ kind: "idle" });
  /** The result is the new key, to be shown once. */
  readonly key: Signal<Change<string>> = signal({ kind: "idle" });
  readonly apiKeys: Signal<Rows<KeyRow>> = signal({ kind: "loading" });
  readonly sessions: Signal<Rows<SessionRow>> = signal({ kind: "loading" });

  constructor(private readonly parts: SettingsParts) {}

  /** Reads sessions and keys. */
  async load(): Promise<void> {
    const { api } = this.parts;
    await Promise.all([
      read(this.sessions, async () => (await api.call("GET /api/sessions")).sessions),
      read(this.apiKeys, async () => (await api.call("GET /api/keys")).keys),
    ]);
  }

  /** Changes the password; every other session ends. */
  async changePassword(current: string, next: string): Promise<void> {
    const { api, keyWorker, auth } = this.parts;
    await attempt(this.password, async () => {
      if (isBlank(current)) return refuse({ kind: "empty" });
      const me = this.parts.auth.me.value;
      const problem = await passwordProblem(next, me ? [me.partnerName, me.email] : []);
      if (problem) return refuse({ kind: problem });
      const verifier = await this.#auth(current);
      const body = { current: verifier, password: await keyWorker.newPassword(next) };
      auth.changed(await api.call("POST /api/me/password", { body }));
      return null;
    });
    if (this.password.value.kind === "done") await this.load();
  }

  /** Makes a new recovery code; the old one is no longer good. */
  makeCode(password: string): Promise<void> {
    const { api, keyWorker } = this.parts;
    return attempt(this.recovery, async () => {
      if (isBlank(password)) return refuse({ kind: "empty" });
      const current = await this.#auth(password);
      const { code, recovery } = await keyWorker.newRecoveryCode();
      await api.call("POST /api/me/recovery", { body: { current, recovery } });
      return code;
    });
  }

  /** Makes an API key. It gets the identity added, which the server never sees. */
  async makeKey(name: string, mayReopen: boolean): Promise<void> {
    const { api, keyWorker } = this.parts;
    await attempt(this.key, async () => {
      const scopes: Schemas["ScopeName"][] = ["links:write", "links:read"];
      if (mayReopen) scopes.push("links:existing");
      const answer = await api.call("POST /api/keys", { body: { name: typedLine(name), scopes } });
      const keys = this.apiKeys.value;
      if (keys.kind === "ready") this.apiKeys.value = { kind: "ready", rows: [answer.row, ...keys.rows] };
      return keyWorker.completeApiKey(answer.key);
    });
  }

  /** Puts away what was shown once, or what went wrong. */
  dismiss(change: "password" | "recovery" | "key"): void {
    this[change].value = { kind: "idle" };
  }

  /** Puts away all of it. */
  dismissAll(): void {
    for (const change of ["password", "recovery", "key"] as const) this.dismiss(change);
  }

  /** Revokes a key. */
  async revokeKey(ref: string): Promise<void> {
    const row = await this.parts.api.call("POST /api/keys/{ref}/revoke", { path: { ref } });
    const keys = this.apiKeys.value;
    if (keys.kind !== "ready") return;
    this.apiKeys.value = { kind: "ready", rows: keys.rows.map((known) => (known.ref === ref ? row : known)) };
  }

  /** Ends another session. */
  async endSession(ref: string): Promise<void> {
    await this.parts.api.call("POST /api/sessions/{ref}/end", { path: { ref } });
    const sessions = this.sessions.value;
    if (sessions.kind !== "ready") return;
    this.sessions.value = { kind: "ready", rows: sessions.rows.filter((known) => known.ref !== ref) };
  }

  #auth(password: string): Promise<string> {
    const me: Me | null = this.parts.auth.me.value;
    if (me === null) return Promise.reject(new Error("nobody is signed in"));
    return this.parts.keyWorker.passwordAuth(password, me.stretching.salt, me.stretching.rounds);
  }
}

async function read<Row>(into: Signal<Rows<Row>>, rows: () => Promise<readonly Row[]>): Promise<void> {
  if (into.value.kind === "failed") into.value = { kind: "loading" };
  try {
    into.value = { kind: "ready", rows: await rows() };
  } catch (fault) {
    into.value = { kind: "failed", fault };
  }
}

class Refused extends Error {
  constructor(readonly fault: SignInFault) {
    super(fault.kind);
  }
}

function refuse(fault: SignInFault): never {
  throw new Refused(fault);
}

async function attempt<Done>(change: Signal<Change<Done>>, work: () => Promise<Done>): Promise<void> {
  if (change.value.kind === "working") return;
  change.value = { kind: "working" };
  try {
    change.value = { kind: "done", result: await work() };
  } catch (fault) {
    change.value = { kind: "refused", fault: fault instanceof Refused ? fault.fault : faultOf(fault) };
  }
}
