/** Programs that the tests start and end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PATIENCE } from "./commands.ts";

/** Starts a program in a group of its own, with all that it starts itself. */
export function start(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const env = { ...process.env, ...environment };
  return spawn(program, words, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
}

/** Waits for a line that a program prints, on either output; gives what the pattern catches. */
export async function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  const said: string[] = [];
  const found = new Promise<string>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      if (!output) continue;
      createInterface({ input: output }).on("line", (line) => {
        said.push(line);
        const caught = pattern.exec(line)?.[1];
        if (caught !== undefined) resolve(caught);
      });
    }
    const missed = (why: string) => reject(new Error(`${child.spawnfile} ${why}:\n${said.join("\n")}`));
    child.once("error", (error) => missed(error.message));
    child.once("exit", (code) => missed(`ended with ${code}`));
    AbortSignal.timeout(PATIENCE).addEventListener("abort", () => missed("did not say that it is ready"));
  });
  return found;
}

/** Ends a program and all that it started; waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Its whole group has gone by itself.
  }
  await gone;
}
