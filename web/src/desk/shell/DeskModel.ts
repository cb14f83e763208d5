/** The desk as a whole: which page is open, who is signed in, and what belongs to that person. */
import { effect, type ReadonlySignal, type Signal, signal, untracked } from "@preact/signals";
import { Api } from "../../api/api.ts";
import { keepsCookies } from "../../api/cookies.ts";
import { Problem } from "../../api/problem.ts";
import { serverTime } from "../../api/serverTime.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { faultText } from "../../i18n/deskFault.ts";
import type { PageLanguage } from "../../i18n/PageLanguage.ts";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { pageClock } from "../../link/clock.ts";
import type { AlertSubject } from "../../ui/alerts.ts";
import type { PageNotice } from "../../ui/notice.ts";
import { AuthModel } from "../auth/AuthModel.ts";
import { SetupModel } from "../auth/SetupModel.ts";
import { SignInModel } from "../auth/SignInModel.ts";
import { takeToken } from "../auth/setupToken.ts";
import { watchSession } from "./deskApi.ts";
import { ALL_CHATS } from "./News.ts";
import { OtherTabs } from "./OtherTabs.ts";
import { Router } from "./Router.ts";
import { CHATS, chatPath, HOME, type Route, signInPath } from "./route.ts";
import { Session } from "./Session.ts";

export interface DeskParts {
  readonly page: Window;
  readonly keyWorker: KeyWorker;
  readonly notice: PageNotice;
  readonly language: PageLanguage;
  /** Whether this server has a partner, as far as the page that it sent knows. */
  readonly setupDone: boolean;
}

export class DeskModel {
  readonly router: Router;
  readonly auth: AuthModel;
  readonly setup: SetupModel;
  readonly signIn: Signal<SignInModel>;
  readonly session: Signal<Session | null> = signal(null);
  readonly now: ReadonlySignal<number>;
  readonly notice: PageNotice;
  readonly language: PageLanguage;
  readonly origin: string;
  readonly #parts: DeskParts;
  readonly #rawApi = new Api();
  readonly #tabs = new OtherTabs(() => Date.now());
  #setupDone: boolean;

  constructor(parts: DeskParts) {
    const { page, keyWorker, notice } = parts;
    const now = () => Math.floor(Date.now() / 1000);
    // The token leaves the address before anything else looks at it.
    const tokens = takeToken(page, storageOf(page));
    this.#parts = parts;
    this.#setupDone = parts.setupDone;
    this.notice = notice;
    this.language = parts.language;
    this.origin = page.location.origin;
    this.now = pageClock(page.document, serverTime);
    this.router = new Router(page);
    this.auth = new AuthModel({ api: this.#rawApi, keyWorker, tabs: this.#tabs, now });
    this.setup = new SetupModel({
      api: this.#rawApi,
      keyWorker,
      auth: this.auth,
      tokens,
      keepsCookies,
      now,
    });
    this.signIn = signal(new SignInModel(this.auth, keepsCookies));
  }

  start(): void {
    this.notice.subjectOf = (chatRef) => this.#alertSubject(chatRef);
    effect(() => this.#followSession());
    effect(() => this.#followRoute());
    effect(() => {
      this.language.current.value;
      this.notice.title(this.#title(this.router.route.value));
    });
    effect(() => this.#openChat());
    effect(() => this.#putSecretsAway());
    this.#parts.page.addEventListener("hashchange", () => this.#rereadToken());
    this.#tabs.listen((way, agentId) => {
      if (way === "out") {
        if (this.session.peek()?.agentId === agentId) this.session.peek()?.forget();
        this.auth.signedOutElsewhere(agentId);
      } else if (!this.#isMakingKeys()) void this.auth.signedInElsewhere(agentId);
    });
    if (this.router.route.value.kind === "setup") void this.setup.start();
    // On a server that nobody has set up, nobody can be signed in.
    if (this.#setupDone) void this.auth.start();
    else this.auth.ended();
  }

  /** The recovery code of a new partner is noted: on to the links. */
  async entered(): Promise<void> {
    await this.setup.confirm();
    this.#setupDone = true;
    this.router.go(HOME, "replace");
  }

  /** Signs out, in every tab; the keys leave this browser in any case. */
  async signOut(): Promise<void> {
    this.session.peek()?.forget();
    await this.auth.signOut();
    const state = this.auth.state.peek();
    if (state.kind === "leaving") this.notice.announce(leavingText(state.fault));
  }

  /** Whether a code is shown, or about to be, that is shown only once. */
  #isMakingKeys(): boolean {
    const step = this.signIn.peek().step.peek().kind;
    return this.router.route.peek().kind === "setup" || step === "new_password" || step === "new_code";
  }

  // A chat that this page does not know yet has no name: the notification names the desk.
  #alertSubject(chatRef: string): AlertSubject {
    const inbox = this.session.peek()?.inbox;
    const chat = inbox?.chat(chatRef);
    return {
      name: inbox && chat ? inbox.nameOf(chat) : tDesk("desk.chats"),
      show: () => this.router.go(chatRef === ALL_CHATS ? CHATS : chatPath(chatRef)),
    };
  }

  // A session lives as long as one agent is signed in with keys. While that can't be told, it waits.
  #followSession(): void {
    const state = this.auth.state.value;
    if (state.kind === "loading" || state.kind === "failed") return;
    const agentId = state.kind === "ready" ? state.me.agentId : null;
    const before = this.session.peek();
    if (before?.agentId !== agentId && before !== null) {
      untracked(() => before.stop());
      this.session.value = null;
      this.signIn.value = new SignInModel(this.auth, keepsCookies);
    }
    if (agentId === null || this.session.peek() !== null) return;
    const api = watchSession(this.#rawApi, () => this.auth.ended());
    const { keyWorker, notice, page } = this.#parts;
    const { auth, origin } = this;
    const storage = () => page.localStorage;
    const next = new Session({
      api,
      rawApi: this.#rawApi,
      keyWorker,
      auth,
      notice,
      origin,
      agentId,
      storage,
    });
    this.session.value = next;
    untracked(() => next.start());
  }

  #followRoute(): void {
    const { kind } = this.auth.state.value;
    const route = this.router.route.value;
    if (kind === "signed_out" && route.kind !== "signin" && route.kind !== "setup") {
      // Who leaves on purpose begins anew; who was signed out comes back to where they were.
      const wanted = this.auth.leaving ? HOME : this.router.path;
      this.router.go(this.#setupDone ? signInPath(wanted) : "/setup", "replace");
      if (!this.#setupDone) untracked(() => void this.setup.start());
    }
    if (kind === "ready" && route.kind === "signin") this.router.go(route.next, "replace");
  }

  // The set-up address, given to a page that is there already: to the browser that is no new page.
  #rereadToken(): void {
    const { location } = this.#parts.page;
    if (this.router.route.value.kind === "setup" && location.hash !== "") location.reload();
  }

  #openChat(): void {
    const route = this.router.route.value;
    const session = this.session.value;
    untracked(() => session?.open(route.kind === "chats" ? route.chat : null));
  }

  // What is shown once is gone once its page is left; not because the page is said in another language.
  #putSecretsAway(): void {
    const route = this.router.route.value;
    const session = this.session.value;
    if (route.kind !== "settings") untracked(() => session?.settings.dismissAll());
  }

  #title(route: Route): string {
    const name = tDesk("app.name");
    switch (route.kind) {
      case "setup":
        return tDesk("setup.heading");
      case "signin":
        return `${tDesk("signin.heading")} – ${name}`;
      case "links":
        return `${tDesk("desk.links")} – ${name}`;
      case "chats":
        return `${tDesk("desk.chats")} – ${name}`;
      case "settings":
        return `${tDesk("desk.settings")} – ${name}`;
      case "unknown":
        return name;
      default:
        return route satisfies never;
    }
  }
}

/** What is said when the server could not be told that somebody signed out. */
export function leavingText(fault: unknown): string {
  // The usual sentence says that nothing is lost, and here the keys are gone.
  const silent = Problem.of(fault).code === "network";
  return tDesk("desk.sign_out.failed", { reason: silent ? t("connection.refused") : faultText(fault) });
}

function storageOf(page: Window): Storage | null {
  try {
    return page.sessionStorage;
  } catch {
    return null;
  }
}
