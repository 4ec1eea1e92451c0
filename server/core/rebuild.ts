import { noBracket } from "./bracket.ts";
import { markToPrice } from "./daily-mark.ts";
import { nothingResting } from "./exposure.ts";

import { absolute, flat, type Position } from "./position.ts";
import { type OpenPosition, type OrderToSettle, type SettledFill, settleAccount } from "./settlement.ts";
import { type Lots, type MinorUnits, minorUnits, type Ticks } from "./units.ts";

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

/** A daily settlement of one position as it is stored, with what its transfers moved. */
export interface RecordedMark {
  readonly id: bigint;
  readonly instrumentId: string;
  /** Signed: what was open at the cut and still is. Given, not recomputed. */
  readonly lots: Lots;
  readonly price: Ticks;
  readonly tickValue: MinorUnits;
  readonly cost: bigint;
  readonly amount: bigint;
  readonly moved: { readonly amount: bigint; readonly protection: bigint };
}

/** Marks a position once more and compares; its cost becomes the mark, its difference is paid. */
export function replayMark(
  books: Books,
  mark: RecordedMark,
  money: { readonly funded: bigint; readonly heldElsewhere: MinorUnits },
): { readonly books: Books; readonly differences: readonly Difference[] } {
  const { position, realizedPnl } = books.positions.get(mark.instrumentId) ?? { position: flat, realizedPnl: 0n };
  const marked = markToPrice(position, mark.lots, mark.price);
  const amount = marked.resultTicks * mark.tickValue;
  const left = money.funded + books.traded + amount;
  const protection = left < money.heldElsewhere ? money.heldElsewhere - left : 0n;
  const open = books.open.get(mark.instrumentId);
  const held = absolute(position.lots);
  const compared: readonly Compared[] = [
    [
      "lots",
      mark.lots,
      position.lots < 0n === mark.lots < 0n && absolute(mark.lots) <= held ? mark.lots : position.lots,
    ],
    ["cost (ticks x lots)", mark.cost, marked.costTaken],
    ["difference paid (minor units)", mark.amount, amount],
    ["transferred difference (minor units)", mark.moved.amount, amount],
    ["protection by the house (minor units)", mark.moved.protection, protection],
  ];
  return {
    books: {
      traded: books.traded + amount + protection,
      positions: new Map(books.positions).set(mark.instrumentId, { position: marked.position, realizedPnl }),
      open:
        open === undefined
          ? books.open
          : new Map(books.open).set(mark.instrumentId, { ...open, position: marked.position }),
    },
    differences: differing(`daily settlement ${mark.id} in ${mark.instrumentId}`, compared),
  };
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
  return differing(`fill ${recorded.id} of order ${order.id}`, [
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
  ]);
}

/** What is compared, as it is stored and as it was recomputed. */
type Compared = readonly [what: string, stored: bigint | string | null, recomputed: bigint | string | null];

const differing = (row: string, compared: readonly Compared[]): Difference[] =>
  compared
    .filter(([, stored, recomputed]) => stored !== recomputed)
    .map(([what, stored, recomputed]) => ({ row, what, stored: `${stored}`, recomputed: `${recomputed}` }));

/** A quote as an order names it, beside the one that is stored under its number. */
export function compareQuote(
  orderId: string,
  named: { readonly seq: bigint; readonly bid: Ticks; readonly ask: Ticks },
  stored: { readonly bid: bigint | null; readonly ask: bigint | null; readonly flag: string | null } | null,
): Difference[] {
  const row = `quote ${named.seq} named by order ${orderId}`;
  if (stored === null) return [{ row, what: "is stored", stored: "no", recomputed: "yes" }];
  return differing(row, [
    ["bid (ticks)", stored.bid, named.bid],
    ["ask (ticks)", stored.ask, named.ask],
    ["flag", stored.flag, null],
  ]);
}

/** A position row beside what its fills make of it; margin lines may hold less than is needed, never more. */
export function comparePosition(
  instrumentId: string,
  stored: { readonly lots: bigint; readonly cost: bigint; readonly realizedPnl: bigint; readonly line: bigint },
  recomputed: { readonly position: Position; readonly realizedPnl: bigint; readonly lineMost: bigint },
): Difference[] {
  return differing(`position in ${instrumentId}`, [
    ["lots", stored.lots, recomputed.position.lots],
    ["cost (ticks x lots)", stored.cost, recomputed.position.cost],
    ["realized result (minor units)", stored.realizedPnl, recomputed.realizedPnl],
    ["margin line (minor units)", stored.line, stored.line > recomputed.lineMost ? recomputed.lineMost : stored.line],
  ]);
}
