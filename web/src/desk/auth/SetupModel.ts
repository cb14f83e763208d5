/** Setting the server up: the token from the address, the form, the keys, the recovery code. */
import { type Signal, signal } from "@preact/signals";
import { CookiesBlocked } from "../../api/cookies.ts";
import { Problem } from "../../api/problem.ts";
import type { Me } from "../../api/wire.ts";
import { freshId } from "../../crypto/cid.ts";
import type { KeyWorker, NewPartner } from "../../crypto/keyWorkerApi.ts";
import { passwordProblem, type Weakness } from "../../crypto/passwords.ts";
import { isBlank } from "../../text/blank.ts";
import { typedLine } from "../../text/typed.ts";
import type { DeskApi } from "../shell/deskApi.ts";
import type { AuthModel } from "./AuthModel.ts";

export interface SetupForm {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What is wrong with a field of the form. */
export type SetupErrors = Partial<Record<keyof SetupForm, "empty" | "not_email" | "refused" | Weakness>>;

export type SetupStep =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly fault: unknown }
  /** Somebody set the server up already. */
  | { readonly kind: "done" }
  /** The address lacks its secret. */
  | { readonly kind: "no_token" }
  | { readonly kind: "form"; readonly errors: SetupErrors; readonly fault: unknown }
  | { readonly kind: "working" }
  | { readonly kind: "code"; readonly code: string; readonly me: Me };

/** Where the token waits while the page is reloaded. */
export interface TokenStore {
  read(): string | null;
  write(token: string | null): void;
}

export interface SetupParts {
  readonly api: DeskApi;
  readonly keyWorker: Pick<KeyWorker, "createPartner">;
  readonly auth: Pick<AuthModel, "setup" | "signIn" | "enterNew" | "me">;
  readonly tokens: TokenStore;
  readonly keepsCookies: () => boolean;
  /** Unix seconds. */
  readonly now: () => number;
}

export class SetupModel {
  readonly step: Signal<SetupStep> = signal({ kind: "loading" });
  /** Keys of a try whose answer may have been lost: sending them again is safe. */
  #made: { readonly email: string; readonly password: string; readonly partner: NewPartner } | null = null;

  constructor(private readonly parts: SetupParts) {}

  /** Looks whether there is anything to set up. */
  async start(): Promise<void> {
    this.step.value = { kind: "loading" };
    try {
      const { done } = await this.parts.api.call("GET /api/setup");
      const token = this.parts.tokens.read();
      // A fixed token stays good for further partners, so a token wins over "done".
      if (token !== null) this.step.value = { kind: "form", errors: {}, fault: null };
      else this.step.value = done ? { kind: "done" } : { kind: "no_token" };
    } catch (fault) {
      this.step.value = { kind: "failed", fault };
    }
  }

  /** Checks the form, makes the keys and sets the partner up. */
  async submit(form: SetupForm): Promise<void> {
    const token = this.parts.tokens.read();
    if (this.step.value.kind !== "form" || token === null) return;
    this.step.value = { kind: "working" };
    try {
      const errors = await setupErrors(form);
      if (Object.keys(errors).length > 0) this.step.value = { kind: "form", errors, fault: null };
      else await this.#create(token, form);
    } catch (fault) {
      const field = Problem.of(fault).refusal?.field ?? "";
      const named = field === "name" || field === "email";
      this.step.value = { kind: "form", errors: named ? { [field]: "refused" } : {}, fault };
    }
  }

  /** The person has the recovery code: lets them in. */
  async confirm(): Promise<void> {
    const step = this.step.value;
    if (step.kind === "code") await this.parts.auth.enterNew(step.me);
  }

  async #create(token: string, form: SetupForm): Promise<void> {
    const { auth, tokens, keepsCookies } = this.parts;
    if (!keepsCookies()) throw new CookiesBlocked();
    const name = typedLine(form.name);
    const email = typedLine(form.email);
    const retried = this.#made?.email === email && this.#made.password === form.password;
    const made = retried && this.#made ? this.#made.partner : await this.#makeKeys(form.password);
    this.#made = { email, password: form.password, partner: made };
    const me = await auth.setup(token, name, email, made).catch((fault: unknown) => {
      if (retried && ANSWER_WAS_LOST.includes(Problem.of(fault).code))
        return this.#signIn(email, form.password);
      throw fault;
    });
    this.#made = null;
    tokens.write(null);
    this.step.value = { kind: "code", code: made.recoveryCode, me };
  }

  #makeKeys(password: string): Promise<NewPartner> {
    const { keyWorker, now } = this.parts;
    return keyWorker.createPartner({ partnerId: freshId(), agentId: freshId(), password, now: now() });
  }

  async #signIn(email: string, password: string): Promise<Me> {
    await this.parts.auth.signIn(email, password);
    const me = this.parts.auth.me.value;
    if (me === null) throw new Problem(null, 0);
    return me;
  }
}

/** What a second try is told when the first one went through and only its answer was lost. */
const ANSWER_WAS_LOST: readonly string[] = ["setup_closed", "partner_exists", "email_taken"];

/** What is wrong with the form before anything is sent. */
export async function setupErrors(form: SetupForm): Promise<SetupErrors> {
  const password = await passwordProblem(form.password, [form.name, form.email]);
  return {
    ...(isBlank(typedLine(form.name)) && { name: "empty" as const }),
    ...emailErrors(typedLine(form.email)),
    ...(password && { password }),
  };
}

// The at sign may come from a keyboard of full width; the server knows what an address is.
function emailErrors(email: string): SetupErrors {
  if (isBlank(email)) return { email: "empty" };
  return /^[^@\s]+@[^@\s]+$/.test(email.normalize("NFKC")) ? {} : { email: "not_email" };
}
