/** What the proxies go by. Only ports, files and what takes a superuser are other than on a machine that serves. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificate } from "../../e2e/support/certificate.ts";

export type ProxyName = "nginx" | "caddy" | "haproxy";

/** Where a proxy listens, what is behind it, and where its files are. */
export interface Place extends Certificate {
  readonly folder: string;
  readonly port: number;
  /** Where the samples listen for what comes without encryption. */
  readonly insecure: number;
  readonly upstream: number;
}

const DEPLOY = join(import.meta.dirname, "../../../deploy");

/** The distribution's configuration with the plainest way to name what is behind. */
export function plain(proxy: ProxyName, place: Place): string {
  const { port, upstream } = place;
  switch (proxy) {
    case "nginx":
      return nginx(
        place,
        `server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${upstream}; } }`,
      );
    case "caddy":
      return changed(read("/etc/caddy/Caddyfile"), [
        [/^:80 \{$/m, `:${port} {\n\tbind 127.0.0.1`],
        [/^\t(root|file_server)\b.*$/gm, ""],
        [/^\t# reverse_proxy localhost:8080$/m, `\treverse_proxy localhost:${upstream}`],
        [/^/, `{\n\tadmin off\n\tauto_https off\n}\n`],
      ]);
    case "haproxy":
      return `${changed(read("/etc/haproxy/haproxy.cfg"), [[/^\s*(log|chroot|stats|user|group|daemon)\b.*$/gm, ""]])}
frontend web
  bind 127.0.0.1:${port}
  default_backend wicketgate
backend wicketgate
  server wicketgate 127.0.0.1:${upstream}
`;
  }
}

/** The sample of this project. */
export function sample(proxy: ProxyName, place: Place): string {
  const { folder, port, insecure, upstream, key, cert } = place;
  switch (proxy) {
    case "nginx":
      return nginx(
        place,
        changed(read(join(DEPLOY, "nginx.conf")), [
          [/listen 80;/, `listen 127.0.0.1:${insecure};`],
          [/listen 443 ssl/, `listen 127.0.0.1:${port} ssl`],
          [/https:\/\/links\.example\.org/, `https://localhost:${port}`],
          [/links\.example\.org;/g, "localhost;"],
          [/server 127\.0\.0\.1:3000;/, `server 127.0.0.1:${upstream};`],
          [/ssl_certificate .*;/, `ssl_certificate ${cert};`],
          [/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`],
          [/\/var\/log\/nginx\/wicketgate\.log/, join(folder, "logs/error.log")],
        ]),
      );
    case "caddy":
      return changed(read(join(DEPLOY, "Caddyfile")), [
        [/^links\.example\.org \{$/m, `https://localhost:${port} {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}`],
        [/reverse_proxy 127\.0\.0\.1:3000/, `reverse_proxy 127.0.0.1:${upstream}`],
        [/^/, "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"],
      ]);
    case "haproxy":
      return changed(read(join(DEPLOY, "haproxy.cfg")), [
        [/bind :80$/m, `bind 127.0.0.1:${insecure}`],
        [/bind :443 ssl crt \S+/, `bind 127.0.0.1:${port} ssl crt ${pem(place)}`],
        [/server wicketgate 127\.0\.0\.1:3000/, `server wicketgate 127.0.0.1:${upstream}`],
      ]);
  }
}

/** Debian's nginx.conf with these servers. */
function nginx({ folder }: Place, servers: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${join(folder, "temporary", name)};`)
    .join("\n");
  return changed(read("/etc/nginx/nginx.conf"), [
    // Started by a superuser it gives its work to another, who has no folder here.
    [/^user .*;$/m, process.getuid?.() === 0 ? "user root;" : ""],
    [/^pid .*;$/m, `pid ${join(folder, "nginx.pid")};`],
    [/\/var\/log\/nginx\//g, `${join(folder, "logs")}/`],
    [/^include \/etc\/nginx\/modules-enabled.*;$/m, ""],
    [/^\s*include \/etc\/nginx\/conf\.d.*;$/m, ""],
    [/^\s*include \/etc\/nginx\/sites-enabled.*;$/m, `${temporary}\n${servers}`],
  ]);
}

/** HAProxy takes key and certificate from one file. */
function pem({ key, cert, folder }: Place): string {
  const file = join(folder, "both.pem");
  writeFileSync(file, read(cert) + read(key));
  return file;
}

function read(file: string): string {
  return readFileSync(file, "utf8");
}

/** What is to be changed has to be there: else a file is not what this takes it for. */
function changed(text: string, changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((before, [place, words]) => {
    if (before.search(place) < 0) throw new Error(`nothing in it is like ${place}:\n${before}`);
    return before.replace(place, () => words);
  }, text);
}
