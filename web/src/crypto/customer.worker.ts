/**
 * The worker in which a customer's keys live.
 *
 * WebKit (up to 2.50 at least) runs a worker's own file a second time where another file imports it, and the second copy,
 * which was never started, takes over the messages. So each page has a worker of its own, with all that it shares with
 * what is loaded later inside, and nothing imports a worker's file: `workers.test.ts` looks at what is built.
 */
import { CryptoFailure } from "./failure.ts";
import { keyWorkerCalls } from "./keyWorkerCalls.ts";
import { serve } from "./workerSide.ts";

serve((store) =>
  keyWorkerCalls(store, () => {
    throw new CryptoFailure("unavailable", "no desk in a customer's worker");
  }),
);
