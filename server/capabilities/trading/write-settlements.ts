import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import type { SettledCancel, SettledEnd, Settlement } from "#core/settlement.ts";
import { minorUnits } from "#core/units.ts";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { type HouseAccounts, type NewTransfer, postTransfers } from "../ledger/index.ts";
import type { AccountRow, PositionRow } from "./accounts.store.ts";
import { type WrittenLegs, writeSettledLegs } from "./legs.store.ts";
import type { DueRow } from "./open-orders.store.ts";
import { type OrderEvent, writeOrderEvents } from "./order-events.store.ts";
import { type FillToWrite, type PositionToWrite, writeEnds, writeFills, writePositions } from "./settlement.store.ts";
import { legsOfFill, protectionLeg } from "./settlement-legs.ts";

/** One account's part of a batch: what was read, and what the core made of it. */
export interface AccountResult {
  readonly account: AccountRow;
  readonly house: HouseAccounts;
  /** Its position rows before, the flat ones too. */
  readonly before: readonly PositionRow[];
  /** Its orders, in the order of the settlement's outcomes. */
  readonly rows: readonly DueRow[];
  readonly settlement: Settlement;
}

/**
 * Writes a settled batch in a fixed number of statements. The floor of a balance is checked at every statement: where less is held
 * afterwards it is let go before the transfers, where more is held it is taken after them.
 */
export async function writeSettlements(
  db: Knex,
  results: readonly AccountResult[],
): Promise<ReadonlyMap<string, WrittenLegs>> {
  const fills = results.flatMap(fillsOf);
  const ends = results.flatMap(({ settlement }) =>
    settlement.outcomes.filter((outcome): outcome is SettledEnd | SettledCancel => outcome.kind !== "filled"),
  );
  const [falling, rising] = positionsOf(results);
  await Promise.all([
    writePositions(db, falling),
    writeFills(db, fills),
    writeEnds(db, ends),
    // Late: the house's balances are everybody's, and locked from here to the commit.
    postTransfers(db, transfersOf(results, fills)),
    writePositions(db, rising),
  ]);
  await writeOrderEvents(db, systemActor, [...ends.map(endEvent), ...fills.flatMap(cutEvent)]);
  return writeSettledLegs(
    db,
    results.map(({ account, rows, settlement }) => ({ account, rows, legs: settlement.legs })),
  );
}

const endEvent = ({ kind, order, code }: SettledEnd | SettledCancel): OrderEvent => ({
  orderId: order.id,
  kind,
  said: { code },
});

/** A reduce-only order that found less than it wanted ends there. */
const cutEvent = ({ row, outcome }: FillToWrite): OrderEvent[] =>
  outcome.lots < outcome.order.lots
    ? [{ orderId: row.id, kind: "cancelled", said: { code: "POSITION_GONE", filledLots: outcome.lots } }]
    : [];

const fillsOf = ({ account, rows, settlement }: AccountResult): FillToWrite[] =>
  settlement.outcomes.flatMap((outcome, index) => {
    const row = rows[index];
    assert(row?.id === outcome.order.id, `outcome ${index} is of order ${outcome.order.id}, not ${row?.id}`);
    return outcome.kind === "filled" ? [{ account, row, outcome, groupId: newId() }] : [];
  });

/** The positions to write, those of accounts that hold less afterwards before those that hold more. */
function positionsOf(results: readonly AccountResult[]): [falling: PositionToWrite[], rising: PositionToWrite[]] {
  const falling: PositionToWrite[] = [];
  const rising: PositionToWrite[] = [];
  for (const result of results) {
    const changed = changedPositions(result);
    const more = changed.reduce((sum, { open, heldBefore }) => sum + open.marginHeld - heldBefore, 0n);
    (more > 0n ? rising : falling).push(...changed);
  }
  return [falling, rising];
}

/** Positions that traded or whose line is another now. Their rows exist already, or get an id here. */
function changedPositions({
  account,
  before,
  settlement,
}: AccountResult): (PositionToWrite & { readonly heldBefore: bigint })[] {
  const rowOf = new Map(before.map((row) => [row.instrument_id, row]));
  const realized = new Map<string, bigint>();
  for (const outcome of settlement.outcomes) {
    if (outcome.kind !== "filled") continue;
    const { instrumentId } = outcome.order;
    realized.set(instrumentId, (realized.get(instrumentId) ?? 0n) + outcome.realizedPnl);
  }
  return [...settlement.positions].flatMap(([instrumentId, open]) => {
    const row = rowOf.get(instrumentId);
    const heldBefore = row?.margin_minor ?? 0n;
    if (!realized.has(instrumentId) && heldBefore === open.marginHeld) return [];
    const id = row?.id ?? newId();
    const hasTraded = realized.has(instrumentId);
    const pnl = minorUnits(realized.get(instrumentId) ?? 0n);
    return [{ id, account, instrumentId, open, realized: pnl, hasTraded, heldBefore }];
  });
}

function transfersOf(results: readonly AccountResult[], fills: readonly FillToWrite[]): NewTransfer[] {
  const houseOf = new Map(results.map(({ account, house }) => [account.id, house]));
  const lastFill = new Map(fills.map((fill) => [fill.account.id, fill]));
  const house = (account: AccountRow): HouseAccounts => {
    const found = houseOf.get(account.id);
    assert(found !== undefined, `account ${account.id} has no house`);
    return found;
  };
  const ofFills = fills.flatMap((fill) => legsOfFill(fill, house(fill.account)));
  const protections = results.flatMap(({ account, settlement }) => {
    if (settlement.protection === 0n) return [];
    const last = lastFill.get(account.id);
    assert(last !== undefined, `account ${account.id} is protected without a fill`);
    return [protectionLeg(account, last.groupId, house(account), settlement.protection)];
  });
  return [...ofFills, ...protections];
}
