import type { Knex } from "knex";
import type { DashboardReply } from "#contracts/dashboard.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { Clock } from "../../platform/clock.ts";
import { type InstrumentCatalog, type QuoteBook, toWireQuote } from "../market-data/index.ts";
import type { BooksCheck } from "./books-check.ts";
import { exposureOf } from "./exposure.ts";
import { readExposure, readMargins, readOrderFlow, readQueue, readTransferFlow } from "./figures.store.ts";
import { readWaiting } from "./waiting.store.ts";

export interface DashboardDeps {
  readonly db: Knex;
  readonly clock: Clock;
  readonly books: BooksCheck;
  readonly quotes: Pick<QuoteBook, "latest">;
  readonly catalog: Pick<InstrumentCatalog, "all">;
}

/** What many viewers ask for at once is read once. */
const keptMs = 2_000;
const keptMax = 200;
/** Small books are checked well within it; for large ones the page says that the check is not done yet. */
const firstCheckPatienceMs = 1_500;

/** The desk's figures, narrowed to what the viewer may see: a partner's staff their partner, an agent his line. */
export function dashboard(deps: DashboardDeps): (viewer: StaffIdentity) => Promise<DashboardReply> {
  const kept = new Map<string, { readonly reply: Promise<DashboardReply>; readonly untilMs: number }>();
  return (viewer) => {
    const key = `${viewer.tenantId}/${viewer.agentId}/${viewer.role}`;
    const nowMs = deps.clock.elapsedMs();
    const known = kept.get(key);
    if (known !== undefined && known.untilMs > nowMs) return known.reply;
    const reply = read(deps, viewer);
    kept.delete(key);
    kept.set(key, { reply, untilMs: nowMs + keptMs });
    reply.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) if (kept.size > keptMax) kept.delete(oldest);
    return reply;
  };
}

async function read(deps: DashboardDeps, viewer: StaffIdentity): Promise<DashboardReply> {
  const { db, clock, catalog, quotes } = deps;
  const isAgent = viewer.agentId !== null;
  const [flow, transfers, queue, positions, margins, waiting, check] = await Promise.all([
    readOrderFlow(db, viewer),
    isAgent ? Promise.resolve<number[]>([]) : readTransferFlow(db, viewer),
    readQueue(db, viewer),
    readExposure(db, viewer),
    readMargins(db, viewer),
    readWaiting(db, viewer),
    isAgent ? null : deps.books.first(firstCheckPatienceMs),
  ]);
  const instruments = catalog.all();
  const { exposure, totals } = exposureOf({ positions, margins, instruments, quoteOf: quotes.latest });
  const now = clock.now();
  return {
    at: now.toISOString(),
    books: {
      balanced: check?.balanced ?? null,
      checkedAt: check?.checkedAt.toISOString() ?? null,
      broken: [...(check?.broken ?? [])],
      perMinute: transfers,
    },
    orders: { lastMinute: flow.lastMinute, perMinute: flow.perMinute },
    settle: { p99Ms: flow.p99Ms, perMinute: flow.p99PerMinute },
    queue,
    totals,
    exposure,
    quotes: instruments.flatMap(({ id, terms }) => {
      const quote = quotes.latest(id);
      return quote === undefined ? [] : [toWireQuote(quote, terms.price, now.getTime())];
    }),
    waiting,
  };
}
