import type { Knex } from "knex";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { Side } from "#contracts/names.ts";
import type { CapacityReply, WireCheck } from "#contracts/trading-api.ts";
import { largestOrder } from "#core/capacity.ts";
import { noExposure } from "#core/exposure.ts";
import type { OrderCheck, OrderContext } from "#core/order.ts";
import { assert } from "#core/result.ts";
import { readBalances } from "../ledger/index.ts";
import { loadLossStates, loadRiskTable, loadStops } from "../risk/index.ts";
import { contextOf } from "./decision-context.ts";
import { openDesks } from "./desk.ts";
import { findJudged } from "./judged-together.ts";
import type { AcceptPorts } from "./ports.ts";
import { loadFacts } from "./risk-facts.ts";
import type { LoadTerms } from "./terms.store.ts";

/** The field of the request that names nothing of the trader's. */
export interface UnknownCapacity {
  readonly unknown: "accountId" | "instrument";
}

export interface CapacityRequest {
  readonly accountId: string;
  readonly instrument: string;
}

/**
 * The largest market order that would be taken now, for each side, and the check that the next larger one would fail: found by the
 * same decision that takes orders. Reads without locks; what it says may be old when the order comes.
 */
export const capacityOf =
  (ports: AcceptPorts, loadTerms: LoadTerms) =>
  (trader: TraderIdentity, request: CapacityRequest): Promise<CapacityReply | UnknownCapacity> =>
    ports.readDb.transaction((db) => read(ports, loadTerms, db, trader, request), {
      isolationLevel: "repeatable read",
      readOnly: true,
    });

async function read(
  ports: AcceptPorts,
  loadTerms: LoadTerms,
  db: Knex,
  trader: TraderIdentity,
  request: CapacityRequest,
): Promise<CapacityReply | UnknownCapacity> {
  const judged = await findJudged(db, [request.accountId]);
  const account = judged.accounts.get(request.accountId);
  const instrument = ports.market.instrument(request.instrument);
  if (account?.trader_id !== trader.traderId) return { unknown: "accountId" };
  if (instrument?.terms.currency !== account.currency) return { unknown: "instrument" };
  const desks = await openDesks(db, loadTerms, [...judged.accounts.values()], readBalances);
  const desk = desks.get(account.id);
  assert(desk !== undefined, `account ${account.id} has no desk`);
  const table = await loadRiskTable(db, [trader.traderId]);
  const losses = await loadLossStates(db, [account.id]);
  const { market, clock } = ports;
  const sources = { market, table, desks, matesOf: judged.matesOf, losses, now: clock.now() };
  const asked = [{ accountId: account.id, instrumentId: instrument.id }];
  const rules = { table, stops: await loadStops(db, [account.id]), facts: await loadFacts(db, sources, asked) };
  const exposure = desk.exposures.get(instrument.id) ?? noExposure(instrument.terms);
  const quote = ports.market.latestTradable(instrument.id);
  const context = whateverTheLots(contextOf(ports, rules, desk, instrument, exposure, quote));
  const sideOf = (side: Side): CapacityReply["buy"] => {
    const { most, boundBy } = largestOrder(side, context);
    return { maxLots: most.toString(), boundBy: boundBy === null ? null : wireCheck(boundBy) };
  };
  return { buy: sideOf("buy"), sell: sideOf("sell") };
}

/** That an order of just these lots was given lately does not say how many may be given. */
const whateverTheLots = (context: OrderContext): OrderContext => {
  const { flow } = context.risk;
  const recent = flow.recent.map((order) => ({ ...order, lots: 0n }));
  return { ...context, risk: { ...context.risk, flow: { ...flow, recent } } };
};

const wireCheck = (check: OrderCheck): WireCheck => ({ ...check });
