/** A screen for WebKit, which has none of its own: one for all browsers of a worker of the tests. */
import { printed, start } from "./child.ts";

let started: Promise<string> | null = null;

/** The name of the screen's display. It goes with the process. */
export function display(): Promise<string> {
  started ??= startScreen();
  return started;
}

async function startScreen(): Promise<string> {
  const words = ["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"];
  const child = start("Xvfb", words);
  process.once("exit", () => child.kill());
  return `:${await printed(child, /^(\d+)$/)}`;
}
