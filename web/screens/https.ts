/** A name with a certificate in front of a test server, so that pictures show an address as customers see it. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { makeCertificate } from "../e2e/support/certificate.ts";

/** Passes what comes encrypted on to a server on this computer; gives the port that it listens on. */
export async function listenFor(host: string, target: string): Promise<{ port: number; server: Server }> {
  const server = createServer(certificate(host), (socket) => {
    const inner = connect(Number(new URL(target).port), "127.0.0.1");
    socket.pipe(inner).pipe(socket);
    // Browsers leave connections as they please.
    for (const end of [socket, inner]) end.on("error", () => end.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no port is free");
  return { port: address.port, server };
}

/** One that nobody but the browser of the pictures is told to trust. */
function certificate(host: string): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "wicketgate-screens-"));
  const { key, cert } = makeCertificate(host, folder);
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return pair;
}
