/** Signing in by password, and by recovery code when the password is lost. */
import { type Signal, signal } from "@preact/signals";
import { CookiesBlocked } from "../../api/cookies.ts";
import { Problem } from "../../api/problem.ts";
import type { Me } from "../../api/wire.ts";
import { CryptoFailure } from "../../crypto/failure.ts";
import { passwordProblem, type Weakness } from "../../crypto/passwords.ts";
import { isBlank } from "../../text/blank.ts";
import { typedLine } from "../../text/typed.ts";
import type { AuthModel } from "./AuthModel.ts";

export type SignInStep =
  | { readonly kind: "password" }
  | { readonly kind: "code" }
  | { readonly kind: "new_password"; readonly code: string }
  | { readonly kind: "new_code"; readonly code: string; readonly me: Me };

/** Why a step went no further. */
export type SignInFault =
  | { readonly kind: "wrong" | "empty" }
  | { readonly kind: "malformed_code" }
  | { readonly kind: Weakness }
  | { readonly kind: "other"; readonly fault: unknown };

export class SignInModel {
  readonly step: Signal<SignInStep> = signal({ kind: "password" });
  readonly busy = signal(false);
  readonly fault: Signal<SignInFault | null> = signal(null);
  /** Which fields were left empty. */
  readonly empty: Signal<{ readonly [field: string]: boolean }> = signal({});
  /** Kept from step to step, and after a wrong password. */
  readonly email = signal("");

  constructor(
    private readonly auth: Pick<AuthModel, "signIn" | "openRecovery" | "recover" | "enterRecovered">,
    private readonly keepsCookies: () => boolean,
  ) {}

  /** Signs in. */
  async signIn(email: string, password: string): Promise<void> {
    this.email.value = typedLine(email);
    if (this.#filled({ email, password }))
      await this.#send(() => this.auth.signIn(this.email.value, password));
  }

  /** Goes over to the recovery code, or back to the password, with the e-mail as it stands. */
  useCode(wanted: boolean, email: string): void {
    this.email.value = typedLine(email);
    this.fault.value = null;
    this.empty.value = {};
    this.step.value = { kind: wanted ? "code" : "password" };
  }

  /** Checks the recovery code. */
  async openCode(email: string, code: string): Promise<void> {
    this.email.value = typedLine(email);
    if (!this.#filled({ email, code })) return;
    await this.#send(async () => {
      await this.auth.openRecovery(this.email.value, code);
      this.step.value = { kind: "new_password", code };
    });
  }

  /** Chooses the new password, which makes a new code as well. */
  choosePassword(password: string): Promise<void> {
    const step = this.step.value;
    if (step.kind !== "new_password") return Promise.resolve();
    return this.#send(async () => {
      const problem = await passwordProblem(password, [this.email.value]);
      if (problem) {
        this.fault.value = { kind: problem };
        return;
      }
      const { code, me } = await this.auth.recover(this.email.value, step.code, password);
      this.step.value = { kind: "new_code", code, me };
    });
  }

  /** The person has the new code: lets them in. */
  confirm(): Promise<void> {
    const step = this.step.value;
    return step.kind === "new_code" ? this.#try(() => this.auth.enterRecovered(step.me)) : Promise.resolve();
  }

  /** Whether there is something in each of the fields; the page says where not. */
  #filled(fields: Readonly<Record<string, string>>): boolean {
    const empty = Object.entries(fields).map(([name, text]) => [name, isBlank(text)] as const);
    this.empty.value = Object.fromEntries(empty);
    this.fault.value = null;
    return !empty.some(([, nothing]) => nothing);
  }

  // What ends in a cookie is not begun where none is kept.
  #send(work: () => Promise<void>): Promise<void> {
    return this.#try(() => (this.keepsCookies() ? work() : Promise.reject(new CookiesBlocked())));
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.busy.value) return;
    this.busy.value = true;
    this.fault.value = null;
    try {
      await work();
    } catch (fault) {
      this.fault.value = faultOf(fault);
    } finally {
      this.busy.value = false;
    }
  }
}

/** A fault as the page says it: whether e-mail, password or code was wrong is one and the same sentence. */
export function faultOf(fault: unknown): SignInFault {
  if (fault instanceof CryptoFailure && fault.code === "unopened") return { kind: "wrong" };
  if (fault instanceof CryptoFailure && fault.code === "malformed") return { kind: "malformed_code" };
  if (Problem.of(fault).code === "wrong_credentials") return { kind: "wrong" };
  return { kind: "other", fault };
}
