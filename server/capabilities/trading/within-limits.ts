import type { Knex } from "knex";
import type { OrderOrigin } from "#contracts/names.ts";
import { type Exposure, noExposure, nothingResting, type PendingOrder, project } from "#core/exposure.ts";
import type { Instrument } from "#core/instrument.ts";
import { splitExecution } from "#core/position.ts";
import { closableBy } from "#core/reduce.ts";
import { assert } from "#core/result.ts";
import { noRiskFacts, positionChecks } from "#core/risk-checks.ts";
import { type Lots, lots } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { systemActor, type Work } from "../../platform/db/unit-of-work.ts";
import { loadRiskTable, type RiskBook } from "../risk/index.ts";
import type { Cancelling } from "./cancel-working.ts";
import { coverAgain } from "./cover-again.ts";
import { type Desk, openDesks } from "./desk.ts";
import type { Judged } from "./judged-together.ts";
import { writeOrderEvents } from "./order-events.store.ts";
import type { Market } from "./ports.ts";
import { heldOf } from "./risk-facts.ts";
import { type LoadTerms, termsStore } from "./terms.store.ts";
import type { Mark } from "./trigger-marks.store.ts";

/**
 * Looks once more at limits on positions before orders that waited are filled: since they were accepted a position that they would have closed may
 * be gone, or the risk table be tighter. One that would open too much is cut to what it closes, or ended (`RISK_LIMIT`) when that is nothing.
 * The accounts are locked. Returns the orders that it changed: they are not to be marked.
 */
export type KeepWithin = (work: Work, judged: Judged, marks: readonly Mark[]) => Promise<ReadonlySet<string>>;

export interface WithinPorts extends Pick<Cancelling, "cancelWorking"> {
  readonly market: Pick<Market, "latestTradable" | "instrument">;
}

export function keepWithinLimits(ports: WithinPorts, loadTerms: LoadTerms = termsStore()): KeepWithin {
  return async (work, judged, marks) => {
    const due = marks.filter(({ quote }) => quote !== null);
    const accounts = [...judged.accounts.values()];
    if (due.every(({ order }) => order.reduceOnly)) return new Set();
    const table = await loadRiskTable(
      work.db,
      accounts.map((account) => account.trader_id),
    );
    if (table.lines.length === 0) return new Set();
    const [desks, sizes] = await Promise.all([openDesks(work.db, loadTerms, accounts), sizesOf(work.db, due)]);
    const over = overLimits({ ...ports, table, judged, desks, sizes }, due);
    const ended = over.filter(({ closes }) => closes === 0n).map(({ id }) => id);
    if (ended.length > 0) await ports.cancelWorking(work, judged.accounts, { orderIds: ended, code: "RISK_LIMIT" });
    await cut(
      work,
      over.filter(({ closes }) => closes > 0n),
    );
    if (ended.length < over.length) await coverAgain(work.db, await openDesks(work.db, loadTerms, accounts));
    return new Set(over.map(({ id }) => id));
  };
}

interface Size {
  readonly lots: Lots;
  readonly origin: OrderOrigin;
}

interface Over {
  readonly id: string;
  readonly lots: Lots;
  /** What it closes of the position; the rest would open too much. */
  readonly closes: Lots;
}

interface Looking {
  readonly market: WithinPorts["market"];
  readonly table: RiskBook;
  readonly judged: Judged;
  readonly desks: ReadonlyMap<string, Desk>;
  readonly sizes: ReadonlyMap<string, Size>;
}

/** In their order, each behind those before it. What else waits does not count: it is looked at when its own price comes. */
function overLimits({ market, table, judged, desks, sizes }: Looking, due: readonly Mark[]): Over[] {
  const exposures = new Map([...desks].map(([id, desk]) => [id, withoutResting(desk.exposures)]));
  const over: Over[] = [];
  for (const { order, quote } of due) {
    const [instrument, size] = [market.instrument(order.instrumentId), sizes.get(order.id)];
    const [own, desk] = [exposures.get(order.accountId), desks.get(order.accountId)];
    if (instrument === undefined || size === undefined || own === undefined || desk === undefined) continue;
    assert(quote !== null, `order ${order.id} is due without a quote`);
    const exposure = own.get(instrument.id) ?? noExposure(instrument.terms);
    const { position } = project(exposure);
    const { opened } = splitExecution(position, order.side, size.lots);
    const heldBy = (id: string, without: string | null) => heldOf(market, exposures.get(id) ?? new Map(), without);
    const mates = judged.matesOf(order.accountId);
    const others = [...heldBy(order.accountId, instrument.id), ...mates.flatMap((id) => heldBy(id, null))];
    const settings = table.of(desk.account.trader_id, instrument);
    const context = { settings, instrument, quote, exposure, risk: { ...noRiskFacts, others } };
    const isOver =
      !order.reduceOnly &&
      opened > 0n &&
      positionChecks({ side: order.side, lots: size.lots }, opened, context).some(({ passed }) => !passed);
    if (isOver) over.push({ id: order.id, lots: size.lots, closes: closableBy(order.side, position) });
    else own.set(instrument.id, withDue(exposure, order, size, quote, instrument));
  }
  return over;
}

const withoutResting = (exposures: ReadonlyMap<string, Exposure>): Map<string, Exposure> =>
  new Map([...exposures].map(([id, exposure]) => [id, { ...exposure, resting: nothingResting }]));

function withDue(
  exposure: Exposure,
  { side, reduceOnly }: Mark["order"],
  size: Size,
  quote: NonNullable<Mark["quote"]>,
  { terms }: Instrument,
): Exposure {
  const price = side === "buy" ? quote.ask : quote.bid;
  const pending: PendingOrder = { ...size, side, reduceOnly, price, feePerSide: terms.feePerSide };
  return { ...exposure, pending: [...exposure.pending, pending] };
}

async function sizesOf(db: Knex, due: readonly Mark[]): Promise<ReadonlyMap<string, Size>> {
  const rows = await prepared<{ id: string; lots: bigint; origin: OrderOrigin }>(
    db,
    "SELECT id, lots, origin FROM orders WHERE id = ANY (?::uuid[]) AND state = 'working' AND due_seq IS NULL",
    [due.map(({ order }) => order.id)],
  );
  return new Map(rows.map((row) => [row.id, { lots: lots(row.lots), origin: row.origin }]));
}

async function cut(work: Work, orders: readonly Over[]): Promise<void> {
  if (orders.length === 0) return;
  await work.db.raw(
    "UPDATE orders o SET lots = g.lots FROM unnest(?::uuid[], ?::bigint[]) AS g (id, lots) WHERE o.id = g.id",
    [orders.map(({ id }) => id), orders.map(({ closes }) => closes.toString())],
  );
  await writeOrderEvents(
    work.db,
    systemActor,
    orders.map(({ id, lots: before, closes }) => ({
      ...{ orderId: id, kind: "resized" as const },
      said: { before: { lots: before }, after: { lots: closes } },
    })),
  );
}
