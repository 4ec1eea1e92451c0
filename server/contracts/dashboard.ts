import { z } from "zod";
import { books } from "./names.ts";
import { wireQuote } from "./trading-api.ts";

/**
 * GET /api/admin/dashboard: what the desk sees at a glance, narrowed to the viewer's rows. Money is decimal strings in major
 * units; a `perMinute` list has one entry for each of the last 60 whole minutes, oldest first.
 */
const decimal = z.string();
const instant = z.iso.datetime();

export const dashboardReply = z.object({
  at: instant,
  /**
   * The last run of the books' invariants; `broken` names those that failed. Null before the first run. `perMinute` counts
   * the transfers posted.
   */
  books: z.object({
    balanced: z.boolean().nullable(),
    checkedAt: instant.nullable(),
    broken: z.array(z.string()),
    perMinute: z.array(z.number()),
  }),
  orders: z.object({ lastMinute: z.number().int(), perMinute: z.array(z.number()) }),
  /** From acceptance to the end of an order, 99th percentile in milliseconds; null where no order ended. */
  settle: z.object({ p99Ms: z.number().nullable(), perMinute: z.array(z.number().nullable()) }),
  /** Orders that are accepted and not yet ended. */
  queue: z.object({ waiting: z.number().int(), oldestAgeMs: z.number() }),
  /**
   * Sums over the open positions of one book: gross notional at the last price, and the margin that is held for them. Live
   * money and demo money are never added together.
   */
  totals: z.array(z.object({ book: z.enum(books), currency: z.string(), exposure: decimal, equityAtRisk: decimal })),
  exposure: z.array(
    z.object({
      book: z.enum(books),
      instrumentId: z.string(),
      currency: z.string(),
      longLots: decimal,
      shortLots: decimal,
      netLots: decimal,
      /** Net lots at the last price, signed; null while the instrument has no quote. */
      notional: decimal.nullable(),
      positions: z.number().int(),
    }),
  ),
  /** The newest quote of each instrument. */
  quotes: z.array(wireQuote),
  /** What waits for a person, oldest first: a list of a resource under a filter. */
  waiting: z.array(
    z.object({
      resource: z.string(),
      filter: z.record(z.string(), z.unknown()),
      label: z.tuple([z.string(), z.string()]),
      count: z.number().int(),
      oldestAt: instant.nullable(),
    }),
  ),
});
export type DashboardReply = z.infer<typeof dashboardReply>;
