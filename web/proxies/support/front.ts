/** A proxy of the distribution in front of a test server: own port, own folder, as nobody in particular. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificate } from "../../e2e/support/certificate.ts";
import { freePort, SETUP_TOKEN, TestServer } from "../../e2e/support/server.ts";
import { type Place, type ProxyName, plain, sample } from "./configurations.ts";

/** How each is started on a configuration. */
const COMMANDS: Readonly<Record<ProxyName, (file: string, folder: string) => readonly string[]>> = {
  nginx: (file, folder) => ["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", file, "-g", "daemon off;"],
  caddy: (file) => ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", file],
  haproxy: (file) => ["/usr/sbin/haproxy", "-db", "-f", file],
};

/** Milliseconds in which a proxy listens, on a busy machine. */
const PATIENCE = 20_000;

/** What the proxy goes by: what Debian brings and one line, or the sample of this project. */
export type Flavour = "plain" | "sample";

/** A server with a proxy in front. */
export class Front {
  private constructor(
    readonly server: TestServer,
    readonly place: Place,
    private readonly child: ChildProcess,
  ) {}

  static async start(proxy: ProxyName, flavour: Flavour): Promise<Front> {
    const folder = mkdtempSync(join(tmpdir(), `wicketgate-${proxy}-`));
    for (const name of ["logs", "temporary"]) mkdirSync(join(folder, name));
    const [port, insecure] = [await freePort(), await freePort()];
    const isSample = flavour === "sample";
    const url = `${isSample ? "https" : "http"}://localhost:${port}`;
    const trusted = isSample ? { WICKETGATE_TRUSTED_PROXY: "127.0.0.1" } : {};
    const server = await TestServer.behind(url, { WICKETGATE_SETUP_TOKEN: SETUP_TOKEN, ...trusted });
    const upstream = Number(new URL(server.direct).port);
    const place = { folder, port, insecure, upstream, ...makeCertificate("localhost", folder) };
    const file = join(folder, "proxy.conf");
    writeFileSync(file, isSample ? sample(proxy, place) : plain(proxy, place));
    const [program = "", ...words] = COMMANDS[proxy](file, folder);
    const child = spawn(program, words, {
      cwd: folder,
      env: { HOME: folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (said += piece));
    await listening(port, child, () => said);
    return new Front(server, place, child);
  }

  async stop(): Promise<void> {
    const gone = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await gone;
    await this.server.stop();
    rmSync(this.place.folder, { recursive: true, force: true });
  }
}

// A refused connection is answered at once, so trying again needs no pause that a test would have to wait for.
async function listening(port: number, child: ChildProcess, said: () => string): Promise<void> {
  const deadline = AbortSignal.timeout(PATIENCE);
  while (!deadline.aborted && child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the proxy does not listen: ${said()}`);
}
