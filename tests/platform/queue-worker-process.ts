import { pino } from "pino";
import { openJobQueue } from "../../server/platform/queue/job-queue.ts";

/** A worker in a process of its own, that a test may stop or kill: says which job it took, and ends it when it is told to. */
const { REDIS_URL = "", QUEUE = "" } = process.env;
let end = (): void => {};
const told = new Promise<void>((resolve) => {
  end = resolve;
});
process.stdin.once("data", end);
await openJobQueue(
  { url: REDIS_URL, name: QUEUE, log: pino({ level: "fatal" }) },
  {
    concurrency: 1,
    handle: async (payload) => {
      process.stdout.write(`took ${JSON.stringify(payload)}\n`);
      await told;
      setImmediate(() => process.stdout.write("ended\n"));
    },
  },
);
process.stdout.write("ready\n");
setInterval(() => {}, 60_000);
