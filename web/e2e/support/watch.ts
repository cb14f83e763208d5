/** Listens to everything that a browser complains about. A test that did not declare it fails. */
import type { BrowserContext, ConsoleMessage, Request } from "@playwright/test";

/** What Chromium says of a socket in words of its own: one that is answered with 401, and one that is not answered. */
const OF_SOCKETS: Readonly<Record<number | string, string>> = {
  401: "HTTP Authentication failed; no valid credentials available",
  ERR_EMPTY_RESPONSE: "Connection closed before receiving a handshake response",
};

/** A refusal that a test asks for: which address, and the status or the network error that it ends with. */
interface Declared {
  readonly address: RegExp;
  readonly reason: number | string;
}

/** What browsers complained about. */
export class Watch {
  readonly #declared: Declared[] = [];
  readonly #complaints: string[] = [];
  readonly #requests: string[] = [];

  /** Listens to a context from now on. Only addresses of `origin` may be asked for. */
  over(context: BrowserContext, origin: string): () => void {
    const onConsole = (message: ConsoleMessage) => this.#console(message);
    const onError = (error: { error(): Error }) =>
      this.#complaints.push(`page error: ${error.error().stack}`);
    const onRequest = (request: Request) => this.#request(request, origin);
    context.on("console", onConsole);
    context.on("weberror", onError);
    context.on("request", onRequest);
    return () => {
      context.off("console", onConsole);
      context.off("weberror", onError);
      context.off("request", onRequest);
    };
  }

  /** Declares that loading this address fails with a status, or with a network error such as `ERR_INTERNET_DISCONNECTED`. */
  declare(address: RegExp, reason: number | string): void {
    this.#declared.push({ address, reason });
  }

  /** Every address that was asked for, with the bodies that were posted. */
  get requests(): readonly string[] {
    return this.#requests;
  }

  /** What nobody declared. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  #console(message: ConsoleMessage): void {
    const text = message.text();
    const address = message.location().url;
    const expected = this.#declared.some(
      (declared) =>
        isFailure(text, declared.reason) && (declared.address.test(address) || declared.address.test(text)),
    );
    if (!expected) this.#complaints.push(`console ${message.type()}: ${text} (${address})`);
  }

  #request(request: Request, origin: string): void {
    const address = request.url();
    this.#requests.push(`${request.method()} ${address} ${request.postData() ?? ""}`);
    const own = [`${origin}/`, `blob:${origin}/`, "data:", "about:"];
    if (!own.some((start) => address.startsWith(start)))
      this.#complaints.push(`a foreign request: ${address}`);
  }
}

// A socket that can't be opened is said in other words than a document, and its address stands in the text.
function isFailure(text: string, reason: number | string): boolean {
  const loading =
    text.startsWith("Failed to load resource: ") || /^WebSocket connection to '[^']*' failed: /.test(text);
  const isStatus = typeof reason === "number";
  const said = isStatus ? `status of ${reason} ` : `net::${reason}`;
  const ofSocket = OF_SOCKETS[reason] ?? (isStatus ? `Unexpected response code: ${reason}` : undefined);
  return loading && (text.includes(said) || (ofSocket !== undefined && text.includes(ofSocket)));
}
