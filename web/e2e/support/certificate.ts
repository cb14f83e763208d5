/** A certificate for a name, by an authority that nobody but a test is told to trust. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Files of a certificate. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Who vouches for it. */
  readonly authority: string;
}

/** Makes all of them in a folder. */
export function makeCertificate(host: string, folder: string): Certificate {
  const file = (name: string) => join(folder, `${name}.pem`);
  const request = (name: string, subject: string, ...more: readonly string[]) => {
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const files = ["-keyout", file(`${name}-key`), "-out", file(name)];
    const words = ["req", "-x509", ...kind, "-subj", `/CN=${subject}`, ...files, ...more];
    execFileSync("openssl", words, { stdio: "ignore" });
  };
  request("authority", "Wicketgate tests");
  const signed = ["-CA", file("authority"), "-CAkey", file("authority-key")];
  const leaf = ["-addext", `subjectAltName=DNS:${host}`, "-addext", "basicConstraints=critical,CA:FALSE"];
  request("site", host, ...signed, ...leaf);
  return { key: file("site-key"), cert: file("site"), authority: file("authority") };
}
