/** The three engines that browsers are made of, each in Debian's own build: nothing is downloaded. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../e2e/support/server.ts";
import type { Wire } from "./commands.ts";
import { overHttp } from "./http.ts";
import { overMarionette } from "./marionette.ts";
import { display } from "./xvfb.ts";

/** How a person's browser is set. */
export interface Wishes {
  /** Where it keeps what stays when it is closed. */
  readonly profile: string;
  /** What its person reads, best first. */
  readonly languages?: readonly string[];
  readonly dark?: boolean;
}

export const ENGINES = { chromium, firefox, webkit } as const;

export type EngineName = keyof typeof ENGINES;

async function chromium({ profile, languages = ["en-US"], dark }: Wishes): Promise<Wire> {
  const args = [
    "--headless=new",
    // Chromium's sandbox can't be had by root.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--user-data-dir=${profile}`,
    `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
  ];
  const options = {
    binary: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args,
    prefs: {
      profile: { default_content_setting_values: { notifications: 2 } },
      intl: { accept_languages: languages.join(","), selected_languages: languages.join(",") },
    },
  };
  return overHttp(
    {
      program: process.env.CHROMEDRIVER_PATH ?? "/usr/bin/chromedriver",
      words: ["--port=0"],
      port: /started successfully on port (\d+)/,
    },
    { "goog:chromeOptions": options, "goog:loggingPrefs": { browser: "ALL" } },
  );
}

async function firefox({ profile, languages = ["en-US"], dark }: Wishes): Promise<Wire> {
  const preferences = {
    "marionette.port": 0,
    "intl.accept_languages": languages.join(","),
    "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1,
    // A screen that is not there says that it has a finger.
    "ui.primaryPointerCapabilities": 6,
    "ui.allPointerCapabilities": 6,
    "toolkit.legacyUserProfileCustomizations.stylesheets": true,
    "permissions.default.desktop-notification": 2,
    "browser.shell.checkDefaultBrowser": false,
    "browser.sessionstore.resume_from_crash": false,
    "datareporting.policy.dataSubmissionEnabled": false,
    "app.update.disabledForTesting": true,
  };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  // Its window is else never narrower than 450 px.
  mkdirSync(join(profile, "chrome"), { recursive: true });
  writeFileSync(join(profile, "chrome/userChrome.css"), ":root { min-width: 0 !important; }");
  return overMarionette(
    process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr",
    ["--headless", "--no-remote"],
    profile,
  );
}

async function webkit({ profile, languages = ["en-US"], dark }: Wishes): Promise<Wire> {
  const port = await freePort();
  const words = ["--profile", profile, "--languages", languages.join(","), ...(dark ? ["--dark"] : [])];
  const options = {
    binary: "/usr/bin/python3",
    args: [join(import.meta.dirname, "webkit.py"), ...words],
  };
  return overHttp(
    {
      program: process.env.WEBKIT_DRIVER_PATH ?? "/usr/bin/WebKitWebDriver",
      words: [`--port=${port}`],
      environment: { DISPLAY: await display(), GDK_BACKEND: "x11", NO_AT_BRIDGE: "1" },
      port,
    },
    { "webkitgtk:browserOptions": options },
  );
}
