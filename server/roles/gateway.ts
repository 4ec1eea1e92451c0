import type { Server } from "node:http";
import type { DeskFlow } from "#contracts/events.ts";
import type { LiveExposure } from "../capabilities/exposure/index.ts";
import { serveBars, toWireQuote } from "../capabilities/market-data/index.ts";
import { endedOrders, tradingReads } from "../capabilities/trading/index.ts";
import { staffCookieIn } from "../platform/http/staff-cookie.ts";
import { type Gateway, startGateway } from "../platform/realtime/gateway.ts";
import { type CountedDesk, marketOf } from "./order-desk.ts";
import type { Shared } from "./shared.ts";

/** Bars of the first snapshot of a chart. */
const snapshotBars = 300;

/** Socket.IO on the api's HTTP server. */
export function openGateway(
  shared: Shared,
  httpServer: Server,
  desk: CountedDesk,
  allowedOrigin: (origin: string) => boolean,
  exposure: LiveExposure,
): Gateway {
  const { bus, clock, log, identity, db, readDb, catalog, quotes } = shared;
  const barsOf = serveBars({ db: readDb, catalog, book: quotes });
  return startGateway({
    httpServer,
    bus,
    clock,
    log,
    authenticate: identity.traderOf,
    orders: desk,
    readSettled: tradingReads({ readDb: db, market: marketOf(shared) }).settled,
    endedOrders: endedOrders({ readDb: db }),
    allowedOrigin,
    latestQuote: quotes.latest,
    hasInstrument: (id) => catalog.get(id) !== undefined,
    wireQuote: (quote, sentAtMs) => {
      const instrument = catalog.get(quote.instrumentId);
      return instrument === undefined ? null : toWireQuote(quote, instrument.terms.price, sentAtMs);
    },
    bars: (instrument, interval) => barsOf({ instrument, interval, from: null, to: null, limit: snapshotBars }),
    desk: {
      authenticate: async (headers) => {
        const token = staffCookieIn(headers);
        return token === null ? null : identity.peekStaff(token);
      },
      flow: () => flowOf(shared, desk),
      exposure: exposure.watch,
    },
  });
}

interface FlowRow {
  accepted_second: number;
  accepted_minute: number;
  filled_second: number;
  filled_minute: number;
}

/** An order that ended within the last minute was accepted at most so long before it. */
const lookBack = "3 minutes";

async function flowOf({ readDb, clock }: Shared, desk: CountedDesk): Promise<DeskFlow> {
  const orders = await readDb.raw<{ rows: FlowRow[] }>(
    `SELECT count(*) FILTER (WHERE accepted_at > now() - interval '1 second')::int AS accepted_second,
            count(*) FILTER (WHERE accepted_at > now() - interval '1 minute')::int AS accepted_minute,
            count(*) FILTER (WHERE state = 'filled' AND done_at > now() - interval '1 second')::int AS filled_second,
            count(*) FILTER (WHERE state = 'filled' AND done_at > now() - interval '1 minute')::int AS filled_minute
     FROM orders WHERE accepted_at > now() - ?::interval`,
    [lookBack],
  );
  const exposure = await readDb.raw<{ rows: { instrument: string; long: string; short: string; net: string }[] }>(
    `SELECT instrument_id AS instrument, coalesce(sum(lots) FILTER (WHERE lots > 0), 0)::text AS long,
            coalesce(-sum(lots) FILTER (WHERE lots < 0), 0)::text AS short, sum(lots)::text AS net
     FROM positions WHERE lots <> 0 GROUP BY instrument_id ORDER BY instrument_id`,
  );
  const row = orders.rows[0];
  return {
    atMs: clock.now().getTime(),
    perSecond: {
      accepted: row?.accepted_second ?? 0,
      filled: row?.filled_second ?? 0,
      refused: desk.refusedWithin(1),
    },
    perMinute: {
      accepted: row?.accepted_minute ?? 0,
      filled: row?.filled_minute ?? 0,
      refused: desk.refusedWithin(60),
    },
    exposure: exposure.rows.map(({ instrument, long, short, net }) => ({
      instrument,
      longLots: long,
      shortLots: short,
      netLots: net,
    })),
  };
}
