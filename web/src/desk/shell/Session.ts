/** Everything of one signed-in agent. It goes as a whole when the session ends. */
import { computed, effect, type Signal, signal, untracked } from "@preact/signals";
import type { Api } from "../../api/api.ts";
import { type Connection, Line } from "../../api/line.ts";
import { Problem } from "../../api/problem.ts";
import { pause } from "../../api/retry.ts";
import type { ServerFrame } from "../../api/wire.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { browserClipboard, copyLater } from "../../link/clipboard.ts";
import { LinksModel } from "../../link/LinksModel.ts";
import type { Notice } from "../../ui/notice.ts";
import type { AuthModel } from "../auth/AuthModel.ts";
import { InboxModel } from "../inbox/InboxModel.ts";
import { SettingsModel } from "../settings/SettingsModel.ts";
import { DeskChat } from "../thread/DeskChat.ts";
import { Outboxes } from "../thread/Outboxes.ts";
import type { DeskApi } from "./deskApi.ts";
import { Feed } from "./Feed.ts";
import { FeedCursor } from "./FeedCursor.ts";
import { type Opener, withFreshKeyring } from "./freshKeyring.ts";
import { News } from "./News.ts";

/** How many chats are suggested for a new link. */
const SUGGESTED = 200;

export interface SessionParts {
  /** The calls, watched for the end of the session. */
  readonly api: DeskApi;
  readonly rawApi: Api;
  readonly keyWorker: KeyWorker;
  readonly auth: AuthModel;
  readonly notice: Notice;
  readonly origin: string;
  readonly agentId: string;
  /** What this browser keeps. */
  readonly storage: () => Storage;
}

export class Session {
  readonly links: LinksModel;
  readonly inbox: InboxModel;
  readonly settings: SettingsModel;
  readonly line: Line;
  /** The chat that is open. */
  readonly chat: Signal<DeskChat | null> = signal(null);
  readonly #outboxes: Outboxes;
  readonly #opener: Opener;
  readonly #feed: Feed;
  readonly #cursor: FeedCursor;
  readonly #news = new News((chatRef, count) => this.#parts.notice.arrived(chatRef, count));
  readonly #parts: SessionParts;
  #unwatch = () => {};

  constructor(parts: SessionParts) {
    const { api, rawApi, keyWorker, auth, origin, agentId, storage } = parts;
    this.#parts = parts;
    this.line = new Line(rawApi, origin, "agent");
    this.#cursor = new FeedCursor(agentId, storage, () => Date.now());
    this.#feed = new Feed({
      line: this.line,
      cursor: this.#cursor,
      reset: () => this.#reread(),
      caughtUp: () => this.#news.caughtUp(),
      now: () => Date.now(),
    });
    this.inbox = new InboxModel(api, keyWorker, (news) => this.#news.came(this.#elsewhere(news)));
    this.#outboxes = new Outboxes({ keyWorker, line: this.line, ended: () => auth.ended() });
    this.settings = new SettingsModel({ api, keyWorker, auth });
    this.#opener = withFreshKeyring(keyWorker, () => auth.refresh());
    this.links = new LinksModel({
      api,
      keyWorker: { ...this.#opener, makeLink: (...wanted) => keyWorker.makeLink(...wanted) },
      origin,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      keysRenewed: async (fault) => Problem.of(fault).code === "unknown_epoch" && auth.refresh(),
      partnerName: auth.me.peek()?.partnerName ?? "",
      chats: computed(() => this.#chatNames()),
      alerted: ({ name }) => parts.notice.announce(tDesk("links.alert.announce", { link: name })),
      wait: pause,
      endedAt: (chatRef) => this.inbox.chat(chatRef)?.endedAt ?? null,
      copy: (text) => copyLater(text, browserClipboard()),
    });
  }

  /** Whose it is. */
  get agentId(): string {
    return this.#parts.agentId;
  }

  start(): void {
    this.line.listen((frame) => this.#hear(frame));
    this.line.onRefresh((gap) => (gap ? this.#up() : this.#poll()));
    this.#feed.start();
    this.#reread();
    void this.#outboxes.resume();
    this.line.start();
    this.#unwatch = effect(() => this.#doubt(this.line.state.value));
  }

  stop(): void {
    this.#unwatch();
    this.#feed.stop();
    this.open(null);
    this.#outboxes.stop();
    this.line.stop();
    this.links.search.stop();
    this.inbox.search.stop();
  }

  /** The agent signs out of this browser. */
  forget(): void {
    this.#cursor.forget();
  }

  /** Opens a chat in place of the one before. */
  open(chatRef: string | null): void {
    const before = this.chat.value;
    if (before?.chatRef === chatRef) return;
    before?.stop();
    const { api, keyWorker, notice } = this.#parts;
    const shared = { line: this.line, inbox: this.inbox, outboxes: this.#outboxes, opener: this.#opener };
    this.chat.value = chatRef === null ? null : new DeskChat({ chatRef, api, keyWorker, notice, ...shared });
    void this.chat.value?.start();
  }

  // The server closes the line of a session that is over, and refuses the next: whether it is so, it says at once.
  #doubt(connection: Connection): void {
    if (connection === "waiting" || connection === "refused") untracked(() => this.#askWho());
  }

  #askWho(): void {
    this.#parts.auth.refresh().catch(() => undefined);
  }

  /** What happened on the way to this line is told on it: only lists that are not there are read. */
  #up(): void {
    this.#news.gather();
    this.#feed.up();
    if (this.links.rows.state.peek().kind === "failed") void this.links.refresh();
    if (this.inbox.inbox.peek().kind === "failed") void this.inbox.load();
    void this.#outboxes.resume();
    // Whoever the server took this line for need not be who was signed in before.
    this.#askWho();
  }

  #poll(): void {
    this.#news.caughtUp();
    void this.#reach();
    // What the list reads again is enough: a search would begin anew at every tick.
    void this.links.load();
    void this.inbox.load();
  }

  #reread(): void {
    void this.links.refresh();
    void this.inbox.load();
  }

  // Where no chat is open nothing else tells whether the server can be reached without a socket.
  async #reach(): Promise<void> {
    const asked = this.#parts.rawApi.call("GET /api/setup");
    this.line.polled(await asked.then(() => null, Problem.of));
  }

  #chatNames(): readonly string[] {
    const open = this.inbox.chats.value.filter((chat) => !chat.endedAt);
    return open.slice(0, SUGGESTED).map((chat) => chat.chatId);
  }

  // The open chat counts its own messages.
  #elsewhere(news: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    return new Map([...news].filter(([chatRef]) => chatRef !== this.chat.peek()?.chatRef));
  }

  #hear(frame: ServerFrame): void {
    switch (frame.type) {
      case "link":
        if (frame.change === "tried") this.#feed.saying(this.links.tried(frame.link, Date.parse(frame.at)));
        else void this.links.changed(frame.link);
        return;
      case "chat":
        this.inbox.changed(frame.chat);
        return;
      case "seat":
        this.inbox.seated(frame.seat);
        return;
      case "presence":
        if (frame.by === "customer") this.inbox.presence(frame.chat, frame.online);
        return;
      case "present":
        this.inbox.present(frame.chats);
        return;
      case "resync":
        if (!frame.chat) this.#reread();
        return;
      default:
        this.#feed.hear(frame);
    }
  }
}
