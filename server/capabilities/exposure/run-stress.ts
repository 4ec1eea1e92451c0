import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import { type StressReply, type StressRequest, stoppedOutMax, type WireShock } from "#contracts/stress.ts";
import type { Instrument } from "#core/instrument.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { type Shock, shockedMark, shockOf, stressAccount } from "#core/stress.ts";
import { type HouseSums, type StoppedOut, type StressResult, stressTally } from "#core/stress-tally.ts";
import { formatDecimal, formatPrice, parseDecimal } from "#core/units.ts";
import type { Clock } from "../../platform/clock.ts";
import { takingTurns } from "../../platform/db/turns.ts";
import { type MarkQuote, type Marks, withMarks } from "../margin/index.ts";
import type { InstrumentCatalog, QuoteBook } from "../market-data/index.ts";
import { accountsWithRisk, loadRiskAccounts, partnerNames } from "./accounts.store.ts";
import { levelOf } from "./level.ts";

export interface StressDeps {
  readonly db: Knex;
  readonly clock: Pick<Clock, "now">;
  readonly quotes: Pick<QuoteBook, "latestTradable">;
  readonly catalog: Pick<InstrumentCatalog, "all" | "get">;
}

/** UNKNOWN_INSTRUMENT names the shock; BUSY: others run already, and wait. */
export type StressRefusal = { readonly code: "UNKNOWN_INSTRUMENT"; readonly field: string } | { readonly code: "BUSY" };

/** Accounts read at once: enough for the database, few enough not to block the process for long. */
const batchMax = 500;
/** Runs wait for each other: one book in memory at a time. */
const waitingMax = 4;
const percentDigits = 2;

/**
 * What shocks would do to all accounts of one book that the viewer may see. The positions are those of one moment of the database, the
 * prices those of this process at the start. Every position counts as closable: no session is closed and nothing is halted.
 */
export function stressRun(deps: StressDeps) {
  const inTurn = takingTurns(waitingMax);
  return async (
    viewer: Pick<StaffIdentity, "tenantId">,
    request: StressRequest,
  ): Promise<Result<StressReply, StressRefusal>> => {
    const unknown = request.shocks.findIndex(
      (one) => one.on === "instrument" && deps.catalog.get(one.instrumentId) === undefined,
    );
    if (unknown >= 0) return refuse({ code: "UNKNOWN_INSTRUMENT", field: `shocks.${unknown}.instrumentId` });
    const reply = await inTurn(() => run(deps, viewer.tenantId, request));
    return reply === null ? refuse({ code: "BUSY" }) : ok(reply);
  };
}

async function run(deps: StressDeps, tenantId: number | null, request: StressRequest): Promise<StressReply> {
  const { book } = request;
  const shocks = request.shocks.map(toShock);
  const marks = marksOf(deps);
  const at = deps.clock.now();
  const shockOfInstrument = (id: string): bigint => {
    const instrument = deps.catalog.get(id);
    return instrument === undefined ? 0n : shockOf(shocks, instrument);
  };
  return deps.db.transaction(
    async (trx) => {
      const tally = stressTally(stoppedOutMax);
      for (let after: string | null = null, more = true; more; ) {
        const ids = await accountsWithRisk(trx, { after, tenantId, book }, batchMax);
        for (const account of await loadRiskAccounts(trx, ids)) {
          const { thresholds, feePerPosition } = account;
          const terms = { thresholds, feePerPosition };
          tally.add(account, stressAccount(withMarks(account, marks, always), terms, shockOfInstrument));
        }
        after = ids.at(-1) ?? null;
        more = ids.length === batchMax;
      }
      const result = tally.result();
      const names = await partnerNames(
        trx,
        result.partners.map((one) => one.tenantId),
      );
      return toReply(result, { at, book, names, instruments: deps.catalog.all(), marks, shockOfInstrument });
    },
    { isolationLevel: "repeatable read", readOnly: true },
  );
}

const always = (): boolean => true;

const toShock = (one: WireShock): Shock => {
  const basisPoints = parseDecimal(one.percent, percentDigits) ?? 0n;
  if (one.on === "all") return { on: { kind: "all" }, basisPoints };
  if (one.on === "class") return { on: { kind: "class", assetClass: one.assetClass }, basisPoints };
  return { on: { kind: "instrument", instrumentId: one.instrumentId }, basisPoints };
};

const marksOf = ({ catalog, quotes }: StressDeps): Marks =>
  new Map(
    catalog.all().flatMap(({ id }): [string, MarkQuote][] => {
      const quote = quotes.latestTradable(id);
      return quote === undefined ? [] : [[id, quote]];
    }),
  );

interface Told {
  readonly at: Date;
  readonly book: StressRequest["book"];
  readonly names: ReadonlyMap<number, string>;
  readonly instruments: readonly Instrument[];
  readonly marks: Marks;
  readonly shockOfInstrument: (id: string) => bigint;
}

function toReply(result: StressResult, told: Told): StressReply {
  const { names } = told;
  const stoppedOut = result.totals.reduce((sum, total) => sum + total.stoppedOut, 0);
  return {
    ...{ at: told.at.toISOString(), book: told.book, accounts: result.accounts, unpriced: result.unpriced },
    totals: result.totals.map(({ currency, scale, accounts, before, after, stages, ...total }) => ({
      ...{ currency, accounts, stages, stoppedOut: total.stoppedOut },
      ...{ equityBefore: formatDecimal(before, scale), equityAfter: formatDecimal(after, scale) },
      ...houseOf(total, scale),
    })),
    instruments: result.instruments
      .map((one) => instrumentOf(one, told))
      .sort((a, b) => (a.instrumentId < b.instrumentId ? -1 : 1)),
    partners: result.partners
      .map(({ tenantId, currency, scale, accounts, ...partner }) => ({
        ...{ tenantId, name: names.get(tenantId) ?? String(tenantId), currency, accounts },
        ...{ stoppedOut: partner.stoppedOut, ...houseOf(partner, scale) },
      }))
      .sort((a, b) => a.tenantId - b.tenantId),
    stoppedOut: { count: stoppedOut, rows: result.stoppedOut.map((row) => rowOf(row, names)) },
  };
}

function instrumentOf(one: StressResult["instruments"][number], told: Told): StressReply["instruments"][number] {
  const { instrumentId, currency, scale, long, short, closed, market } = one;
  const terms = told.instruments.find(({ id }) => id === instrumentId)?.terms;
  const mark = told.marks.get(instrumentId);
  const shock = told.shockOfInstrument(instrumentId);
  const price = (quote: Pick<MarkQuote, "bid"> | undefined): string | null =>
    quote === undefined || terms === undefined ? null : formatPrice(quote.bid, terms.price);
  return {
    ...{ instrumentId, currency, percent: formatDecimal(shock, percentDigits) },
    ...{ bidBefore: price(mark), bidAfter: price(mark === undefined ? mark : shockedMark(mark, shock)) },
    ...{ longLots: long.toString(), shortLots: short.toString(), closedLots: closed.toString() },
    market: formatDecimal(market, scale),
  };
}

const houseOf = ({ market, fees, madeGood }: HouseSums, scale: number) => ({
  market: formatDecimal(market, scale),
  fees: formatDecimal(fees, scale),
  madeGood: formatDecimal(madeGood, scale),
  net: formatDecimal(market + fees - madeGood, scale),
});

function rowOf(row: StoppedOut, names: ReadonlyMap<number, string>): StressReply["stoppedOut"]["rows"][number] {
  const { accountId, traderId, tenantId, currency, currencyScale: scale, cancelsOrders } = row;
  return {
    ...{ accountId, traderId, tenantId, partner: names.get(tenantId) ?? String(tenantId), currency, cancelsOrders },
    ...{ before: levelOf(row.before, scale), shocked: levelOf(row.shocked, scale), after: levelOf(row.after, scale) },
    closed: row.closed.map(({ instrumentId, side, lots }) => ({ instrumentId, side, lots: lots.toString() })),
    ...{ fees: formatDecimal(row.fees, scale), madeGood: formatDecimal(row.madeGood, scale) },
  };
}
