/** What the clients share: where the server is, and a check that says what it saw. */

declare const process: { env: Record<string, string | undefined>; exitCode: number };

/** Where the server is, and as whom to call it. */
export function settings(): { url: string; key: string; partner: string } {
  const { WICKETGATE_URL: url, WICKETGATE_API_KEY: key, WICKETGATE_PARTNER: partner } = process.env;
  if (!url || !key || !partner) throw new Error("WICKETGATE_URL, WICKETGATE_API_KEY and WICKETGATE_PARTNER are needed");
  return { url, key, partner };
}

/** Goes on where `holds`; otherwise says what was expected and what came. */
export function check(holds: boolean, expected: string, came?: unknown): asserts holds {
  if (!holds) throw new Error(`expected: ${expected}; came: ${JSON.stringify(came)}`);
}
