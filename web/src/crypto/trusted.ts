/** The one Trusted Types policy of the pages: it lets the built worker start, and nothing else. */
import { CryptoFailure } from "./failure.ts";

interface ScriptPolicy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy;
}

let policy: ScriptPolicy | undefined;

/** The worker's address in the form that the browser demands for scripts. */
export function trustedWorkerUrl(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (!trustedTypes) return allowOnly(url, url);
  policy ??= trustedTypes.createPolicy("wicketgate", { createScriptURL: (asked) => allowOnly(url, asked) });
  // `Worker` takes a TrustedScriptURL as well as text; the standard typings know only the text.
  return policy.createScriptURL(url) as string;
}

function allowOnly(built: string, asked: string): string {
  const { href, origin } = new URL(asked, location.href);
  if (origin !== location.origin || href !== new URL(built, location.href).href) {
    throw new CryptoFailure("unavailable", "not the built worker");
  }
  return href;
}
