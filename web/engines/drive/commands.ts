/** The commands of WebDriver (https://www.w3.org/TR/webdriver2/) that the tests give, by both names that they have. */

/** Each with its place below the session's address, and with Firefox's own name for it. */
export const COMMANDS = {
  open: ["POST", "url", "WebDriver:Navigate"],
  back: ["POST", "back", "WebDriver:Back"],
  reload: ["POST", "refresh", "WebDriver:Refresh"],
  address: ["GET", "url", "WebDriver:GetCurrentURL"],
  script: ["POST", "execute/sync", "WebDriver:ExecuteScript"],
  click: ["POST", "element/{id}/click", "WebDriver:ElementClick"],
  keys: ["POST", "element/{id}/value", "WebDriver:ElementSendKeys"],
  clear: ["POST", "element/{id}/clear", "WebDriver:ElementClear"],
  window: ["GET", "window/rect", "WebDriver:GetWindowRect"],
  resize: ["POST", "window/rect", "WebDriver:SetWindowRect"],
  newWindow: ["POST", "window/new", "WebDriver:NewWindow"],
  switchTo: ["POST", "window", "WebDriver:SwitchToWindow"],
  handle: ["GET", "window", "WebDriver:GetWindowHandle"],
  picture: ["GET", "screenshot", "WebDriver:TakeScreenshot"],
} as const satisfies Readonly<Record<string, readonly ["GET" | "POST", string, string]>>;

export type CommandName = keyof typeof COMMANDS;

/** The commands that leave a page for another. */
export const LEAVING: readonly CommandName[] = ["open", "back", "reload"];

export type Parameters = Readonly<Record<string, unknown>>;

/** A session with one browser, in whichever way it is spoken to. */
export interface Wire {
  /** Gives a command, and what the browser answers; fails where that takes too long. */
  command(name: CommandName, parameters?: Parameters): Promise<unknown>;
  /** What the browser complained about so far: faults of scripts and broken policies, not a network that is gone. */
  complaints(): Promise<readonly string[]>;
  /** Ends the session and the browser. Its profile stays. */
  close(): Promise<void>;
}

/** Milliseconds that a browser has for one command, and for its start, on a busy machine. */
export const PATIENCE = 30_000;

/** What WebDriver calls the reference to an element. */
export const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
