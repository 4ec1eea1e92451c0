import { noBracket } from "./bracket.ts";
import { nothingResting } from "./exposure.ts";

import { flat, type Position } from "./position.ts";
import { type OpenPosition, type OrderToSettle, type SettledFill, settleAccount } from "./settlement.ts";
import { type MinorUnits, minorUnits, type Ticks } from "./units.ts";

/** A fill as it is stored, with what its transfers moved. Amounts in minor units, as seen by the account. */
export interface RecordedFill {
  readonly id: bigint;
  readonly side: string;
  readonly instrumentId: string;
  readonly lots: bigint;
  readonly price: bigint;
  readonly quoteSeq: bigint;
  readonly bid: bigint;
  readonly ask: bigint;
  readonly realizedPnl: bigint;
  readonly fee: bigint;
  readonly positionLotsAfter: bigint;
  /** What the transfers of its group moved: result (+ gained), fee paid, protection received. */
  readonly moved: { readonly realizedPnl: bigint; readonly fee: bigint; readonly protection: bigint };
}

/** An order that filled, and the fill that is stored for it; null: there is none. */
export interface ReplayedOrder {
  readonly order: OrderToSettle;
  readonly recorded: RecordedFill | null;
}

/** An account as recomputed from its beginning. */
export interface Books {
  /** What trading has moved so far: results less fees, and protection. */
  readonly traded: bigint;
  readonly positions: ReadonlyMap<string, { readonly position: Position; readonly realizedPnl: bigint }>;
  readonly open: ReadonlyMap<string, OpenPosition>;
}

export const emptyBooks: Books = { traded: 0n, positions: new Map(), open: new Map() };

/** A row that is not what the orders and quotes say. */
export interface Difference {
  readonly row: string;
  readonly what: string;
  readonly stored: string;
  readonly recomputed: string;
}

/**
 * Settles a batch of an account's filled orders once more, as the core does, and compares what it gives with what is stored.
 * `funded`: what came in and went out by other things than trading, before the batch. The books go on with what was recomputed.
 */
export function replayBatch(
  books: Books,
  batch: readonly ReplayedOrder[],
  money: { readonly funded: bigint; readonly heldElsewhere: MinorUnits },
): { readonly books: Books; readonly differences: readonly Difference[] } {
  const settlement = settleAccount(
    {
      state: "active",
      balance: minorUnits(money.funded + books.traded),
      heldElsewhere: money.heldElsewhere,
      positions: books.open,
    },
    batch.map(({ order }) => order),
    { maxQueueMs: Number.POSITIVE_INFINITY },
  );
  const differences: Difference[] = [];
  const positions = new Map(books.positions);
  let traded = books.traded + settlement.protection;
  settlement.outcomes.forEach((outcome, at) => {
    const { order, recorded } = batch[at] ?? { order: outcome.order, recorded: null };
    const row = `fill of order ${order.id}`;
    if (outcome.kind !== "filled") {
      differences.push({ row, what: "is a fill", stored: "yes", recomputed: `${outcome.kind} ${outcome.code}` });
      return;
    }
    traded += outcome.realizedPnl - outcome.fee;
    const before = positions.get(order.instrumentId)?.realizedPnl ?? 0n;
    const position = settlement.positions.get(order.instrumentId)?.position ?? flat;
    positions.set(order.instrumentId, { position, realizedPnl: before + outcome.realizedPnl });
    if (recorded === null) {
      differences.push({ row, what: "is stored", stored: "no", recomputed: "yes" });
      return;
    }
    const protection = at === batch.length - 1 ? settlement.protection : 0n;
    differences.push(...compareFill(recorded, outcome, protection));
  });
  return { books: { traded, positions, open: withoutLines(settlement.positions) }, differences };
}

/** Holdings without what is held for them: it is recomputed at the end, from all that is open then. */
function withoutLines(positions: ReadonlyMap<string, OpenPosition>): Map<string, OpenPosition> {
  return new Map(
    [...positions]
      .filter(([, { position }]) => position.lots !== 0n)
      .map(([id, { position, terms }]) => [
        id,
        { position, terms, marginHeld: minorUnits(0n), resting: nothingResting, bracket: noBracket },
      ]),
  );
}

function compareFill(recorded: RecordedFill, outcome: SettledFill, protection: bigint): Difference[] {
  const { order } = outcome;
  const expected: readonly (readonly [what: string, stored: bigint | string, recomputed: bigint | string])[] = [
    ["instrument", recorded.instrumentId, order.instrumentId],
    ["side", recorded.side, order.side],
    ["lots", recorded.lots, outcome.lots],
    ["price (ticks)", recorded.price, outcome.price],
    ["quote number", recorded.quoteSeq, order.quoteSeq],
    ["quote's bid (ticks)", recorded.bid, order.bid],
    ["quote's ask (ticks)", recorded.ask, order.ask],
    ["realized result (minor units)", recorded.realizedPnl, outcome.realizedPnl],
    ["fee (minor units)", recorded.fee, outcome.fee],
    ["position after", recorded.positionLotsAfter, outcome.positionLotsAfter],
    ["transferred result (minor units)", recorded.moved.realizedPnl, outcome.realizedPnl],
    ["transferred fee (minor units)", recorded.moved.fee, outcome.fee],
    ["protection by the house (minor units)", recorded.moved.protection, protection],
  ];
  return expected
    .filter(([, stored, recomputed]) => stored !== recomputed)
    .map(([what, stored, recomputed]) => ({
      row: `fill ${recorded.id} of order ${order.id}`,
      what,
      stored: `${stored}`,
      recomputed: `${recomputed}`,
    }));
}

/** A quote as an order names it, beside the one that is stored under its number. */
export function compareQuote(
  orderId: string,
  named: { readonly seq: bigint; readonly bid: Ticks; readonly ask: Ticks },
  stored: { readonly bid: bigint | null; readonly ask: bigint | null; readonly flag: string | null } | null,
): Difference[] {
  const row = `quote ${named.seq} named by order ${orderId}`;
  if (stored === null) return [{ row, what: "is stored", stored: "no", recomputed: "yes" }];
  const compared: readonly (readonly [string, bigint | string | null, bigint | string | null])[] = [
    ["bid (ticks)", stored.bid, named.bid],
    ["ask (ticks)", stored.ask, named.ask],
    ["flag", stored.flag, null],
  ];
  return compared
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => ({ row, what, stored: `${is}`, recomputed: `${should}` }));
}

/** A position row beside what its fills make of it; margin lines may hold less than is needed, never more. */
export function comparePosition(
  instrumentId: string,
  stored: { readonly lots: bigint; readonly cost: bigint; readonly realizedPnl: bigint; readonly line: bigint },
  recomputed: { readonly position: Position; readonly realizedPnl: bigint; readonly lineMost: bigint },
): Difference[] {
  const compared: readonly (readonly [string, bigint, bigint])[] = [
    ["lots", stored.lots, recomputed.position.lots],
    ["cost (ticks x lots)", stored.cost, recomputed.position.cost],
    ["realized result (minor units)", stored.realizedPnl, recomputed.realizedPnl],
    ["margin line (minor units)", stored.line, stored.line > recomputed.lineMost ? recomputed.lineMost : stored.line],
  ];
  return compared
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => ({
      row: `position in ${instrumentId}`,
      what,
      stored: `${is}`,
      recomputed: `${should}`,
    }));
}
