import { verifyBooks } from "../../../server/capabilities/ledger/index.ts";
import { type ApartInstallation, type Part, startApart } from "../apart.ts";
import type { LoadReport } from "../load/messages.ts";
import { type LoadProcess, startLoad } from "../load/start-load.ts";
import type { BenchContext } from "../row.ts";
import { makeTraders } from "../traders.ts";

export const usdInstruments = ["MES", "MNQ"] as const;

export interface LoadHouse {
  readonly installation: ApartInstallation;
  readonly load: LoadProcess;
}

/** Runs `measure` against an installation in processes of its own, with so many traders on open sockets. */
export async function withLoadHouse<Result>(
  context: BenchContext,
  traders: number,
  measure: (house: LoadHouse) => Promise<Result>,
): Promise<Result> {
  const installation = await startApart(context.redisUrl);
  const load = startLoad();
  try {
    await load.connect(installation.url, await makeTraders(installation.database, traders));
    return await measure({ installation, load });
  } finally {
    load.stop();
    await installation.stop();
  }
}

/** Whether the books balance and every accepted order has ended, as words for the note. */
export async function booksOf({ installation }: LoadHouse): Promise<string> {
  const { owner } = installation.database;
  const broken = await verifyBooks(owner);
  const [waiting] = await owner("orders").whereIn("state", ["accepted", "working"]).count({ open: "*" });
  const open = Number(waiting?.open);
  const books = broken.length === 0 ? "books balance" : `BOOKS BROKEN: ${broken.map((one) => one.invariant)}`;
  return open === 0 ? books : `${books}, ${open} ORDERS OPEN`;
}

export const latencyOf = ({ answer, confirmation }: LoadReport): string =>
  `answered p50 ${answer.p50.toFixed(0)} p99 ${answer.p99.toFixed(0)} ms, ` +
  `confirmed p50 ${confirmation.p50.toFixed(0)} p99 ${confirmation.p99.toFixed(0)} ms`;

/** Cores that each process used during `run`. */
export async function withUsage<Result>(
  { installation }: LoadHouse,
  run: () => Promise<Result>,
): Promise<{ result: Result; usage: string }> {
  const parts: readonly Part[] = ["api", "worker", "feed"];
  const before = parts.map((part) => installation.usage(part).cpuSeconds);
  const begun = performance.now();
  const result = await run();
  const seconds = (performance.now() - begun) / 1_000;
  const usage = parts.map((part, index) => {
    const { cpuSeconds, residentMiB } = installation.usage(part);
    return `${part} ${((cpuSeconds - (before[index] ?? 0)) / seconds).toFixed(2)} core ${residentMiB.toFixed(0)} MiB`;
  });
  return { result, usage: usage.join(", ") };
}
