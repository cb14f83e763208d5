/** The worker in which an agent's keys live. Nothing may import it, as `customer.worker.ts` says. */
import { createKeyWorker } from "./createKeyWorker.ts";
import { serve } from "./workerSide.ts";

serve(createKeyWorker);
