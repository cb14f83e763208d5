/** The set-up token: it comes in the fragment, leaves the address at once, and survives a reload in this tab. */
import type { TokenStore } from "./SetupModel.ts";

const KEY = "wicketgate-setup-token";

/** Takes the token out of the address. `storage` may be null where the browser forbids it. */
export function takeToken(page: Pick<Window, "location" | "history">, storage: Storage | null): TokenStore {
  let token = readStored(storage);
  const given = page.location.hash.slice(1);
  if (given !== "") {
    token = given;
    page.history.replaceState(page.history.state, "", page.location.pathname + page.location.search);
    writeStored(storage, token);
  }
  return {
    read: () => token,
    write(value) {
      token = value;
      writeStored(storage, value);
    },
  };
}

function readStored(storage: Storage | null): string | null {
  try {
    return storage?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}

function writeStored(storage: Storage | null, value: string | null): void {
  try {
    if (value === null) storage?.removeItem(KEY);
    else storage?.setItem(KEY, value);
  } catch {
    // A reload then asks for the address again, which is what the page says.
  }
}
