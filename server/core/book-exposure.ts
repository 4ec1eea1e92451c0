import type { ExposureGrouping, WorstOrder } from "#contracts/exposure-names.ts";
import type { AssetClass, Book, MarginStage } from "#contracts/names.ts";
import { absolute, type Position, unrealizedPnl } from "./position.ts";
import type { Quote } from "./quote.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

/** What an account has at work in one instrument. */
export interface BookHolding {
  readonly instrumentId: string;
  readonly assetClass: AssetClass;
  readonly position: Position;
  readonly tickValue: MinorUnits;
  /** The margin line of the position and its waiting orders. */
  readonly required: MinorUnits;
  readonly working: number;
}

/** An account as the exposure desk sees it, without prices. */
export interface BookAccount {
  readonly accountId: string;
  readonly traderId: string;
  readonly tenantId: number;
  /** The agents above the trader, from the top of the tree down; empty: he is the partner's own. */
  readonly line: readonly string[];
  readonly book: Book;
  readonly currency: string;
  readonly currencyScale: number;
  readonly stage: MarginStage;
  /** Booked cash without what is held for withdrawals. */
  readonly balance: MinorUnits;
  /** Margin level, in per cent, below which it is stopped out. */
  readonly stopOut: bigint;
  readonly holdings: readonly BookHolding[];
}

/** Which part of the book is looked at, and how it is added up. What is undefined does not narrow it. */
export interface ExposureQuestion {
  readonly book: Book;
  readonly by: ExposureGrouping;
  readonly worst: WorstOrder;
  readonly tenantId?: number | undefined;
  /** The agent and all below. */
  readonly agentId?: string | undefined;
  /** Only the traders right below that agent, or of the partner without an agent. */
  readonly direct?: boolean | undefined;
  readonly assetClass?: AssetClass | undefined;
  readonly instrumentId?: string | undefined;
}

export type Mark = Pick<Quote, "bid" | "ask" | "last">;

/** Sums over positions in one currency. Lots of different instruments are added as they are; money is exact. */
export interface ExposureSums {
  readonly currency: string;
  readonly scale: number;
  long: bigint;
  short: bigint;
  /** Signed, and both sides together; lots x price x tick value. Positions without a price are left out and counted. */
  notional: bigint;
  gross: bigint;
  unrealized: bigint;
  required: bigint;
  accounts: number;
  working: number;
  unpriced: number;
}

export interface ExposureRow extends ExposureSums {
  /** Instrument, class, partner's number, agent or trader; of agents "" is who is right below the one that is asked about. */
  readonly group: string;
}

export interface WorstAccount {
  readonly account: BookAccount;
  readonly equity: MinorUnits;
  readonly required: MinorUnits;
  readonly unrealized: MinorUnits;
  /**
   * How far, in hundredths of a per cent of its price, every position could still go against the account before it is stopped out; cut
   * down. Null: nothing that has a price is open.
   */
  readonly room: bigint | null;
}

export interface BookExposure {
  /** The largest gross notional first. */
  readonly rows: readonly ExposureRow[];
  readonly totals: readonly ExposureSums[];
  readonly worst: readonly WorstAccount[];
}

/** Adds up the accounts of a question one by one. Only the first `worstMax` accounts are kept one by one. */
export function bookExposure(
  question: ExposureQuestion,
  markOf: (instrumentId: string) => Mark | undefined,
  worstMax: number,
): { readonly add: (account: BookAccount) => void; readonly result: () => BookExposure } {
  const rows = new Map<string, Counted<ExposureRow>>();
  const totals = new Map<string, Counted<ExposureSums>>();
  let worst: Ranked[] = [];
  /** Whoever is better than this is not among the worst any more. */
  let cutOff: bigint | null = null;
  const add = (account: BookAccount): void => {
    if (!isAsked(question, account)) return;
    let isIn = false;
    let gross = 0n;
    let unrealized = 0n;
    let required = 0n;
    for (const holding of account.holdings) {
      const mark = markOf(holding.instrumentId);
      const worth = worthOf(holding, mark);
      gross += worth.gross;
      unrealized += worth.unrealized;
      required += holding.required;
      if (!isHoldingAsked(question, holding)) continue;
      isIn = true;
      const group = groupOf(question, account, holding);
      const key = `${group} ${account.currency}`;
      const row = rows.get(key) ?? { sums: { group, ...noSums(account) }, last: "" };
      rows.set(key, row);
      count(row, account, holding, worth);
      const total = totals.get(account.currency) ?? { sums: noSums(account), last: "" };
      totals.set(account.currency, total);
      count(total, account, holding, worth);
    }
    if (!isIn) return;
    const equity = account.balance + unrealized;
    const room = gross === 0n ? null : floorDivided((equity * 100n - account.stopOut * required) * 100n, gross);
    const found = { account, room, ...moneyOf({ equity, required, unrealized }) };
    const rank = rankOf(question.worst, found);
    if (rank === null || (cutOff !== null && rank > cutOff)) return;
    worst.push({ ...found, rank });
    if (worst.length < 8 * worstMax) return;
    worst = worst.sort(worstFirst).slice(0, worstMax);
    cutOff = worst.at(-1)?.rank ?? null;
  };
  return {
    add,
    result: () => ({
      rows: [...rows.values()].map(({ sums }) => sums).sort(largestFirst),
      totals: [...totals.values()].map(({ sums }) => sums).sort((a, b) => (a.currency < b.currency ? -1 : 1)),
      worst: worst
        .sort(worstFirst)
        .slice(0, worstMax)
        .map(({ rank: _rank, ...found }) => found),
    }),
  };
}

/** Lots x this = what a position is worth in ticks: the last trade, or else the middle (half a tick is cut off). */
export const notionalPrice = ({ bid, ask, last }: Mark): bigint => last ?? (bid + ask) / 2n;

function isAsked({ book, tenantId, agentId, direct }: ExposureQuestion, account: BookAccount): boolean {
  if (account.book !== book) return false;
  if (tenantId !== undefined && account.tenantId !== tenantId) return false;
  if (direct === true) return account.line.at(-1) === agentId;
  return agentId === undefined || account.line.includes(agentId);
}

const isHoldingAsked = ({ instrumentId, assetClass }: ExposureQuestion, holding: BookHolding): boolean =>
  (instrumentId === undefined || holding.instrumentId === instrumentId) &&
  (assetClass === undefined || holding.assetClass === assetClass);

function groupOf({ by, agentId }: ExposureQuestion, account: BookAccount, holding: BookHolding): string {
  switch (by) {
    case "instrument":
      return holding.instrumentId;
    case "class":
      return holding.assetClass;
    case "partner":
      return String(account.tenantId);
    case "agent":
      return account.line[agentId === undefined ? 0 : account.line.indexOf(agentId) + 1] ?? "";
    case "trader":
      return account.traderId;
  }
}

interface Worth {
  readonly net: bigint;
  readonly gross: bigint;
  readonly unrealized: bigint;
  readonly isPriced: boolean;
}

function worthOf({ position, tickValue }: BookHolding, mark: Mark | undefined): Worth {
  if (mark === undefined || position.lots === 0n) return { ...noWorth, isPriced: position.lots === 0n };
  const net = position.lots * notionalPrice(mark) * tickValue;
  const unrealized = unrealizedPnl(position, mark, { tickValue });
  return { net, gross: net < 0n ? -net : net, unrealized, isPriced: true };
}

const noWorth = { net: 0n, gross: 0n, unrealized: 0n };

/** `last`: the account that was counted last, so that it counts once whatever it holds. */
interface Counted<Sums extends ExposureSums> {
  readonly sums: Sums;
  last: string;
}

function count(
  counted: Counted<ExposureSums>,
  { accountId }: BookAccount,
  holding: BookHolding,
  { net, gross, unrealized, isPriced }: Worth,
): void {
  const { sums } = counted;
  const { lots } = holding.position;
  if (lots > 0n) sums.long += lots;
  else sums.short += absolute(lots);
  sums.notional += net;
  sums.gross += gross;
  sums.unrealized += unrealized;
  sums.required += holding.required;
  sums.working += holding.working;
  if (!isPriced) sums.unpriced += 1;
  if (counted.last === accountId) return;
  counted.last = accountId;
  sums.accounts += 1;
}

const noSums = ({ currency, currencyScale: scale }: BookAccount): ExposureSums => ({
  ...{ currency, scale, long: 0n, short: 0n, notional: 0n, gross: 0n, unrealized: 0n, required: 0n },
  ...{ accounts: 0, working: 0, unpriced: 0 },
});

const moneyOf = ({ equity, required, unrealized }: Record<"equity" | "required" | "unrealized", bigint>) => ({
  ...{ equity: minorUnits(equity), required: minorUnits(required), unrealized: minorUnits(unrealized) },
});

type Ranked = WorstAccount & { readonly rank: bigint };

/** The lower, the worse. Null: it is not among the worst at all. The level counts to a millionth of a per cent. */
function rankOf(order: WorstOrder, { equity, required, unrealized, room }: WorstAccount): bigint | null {
  if (order === "room") return room;
  if (order === "loss") return unrealized < 0n ? unrealized : null;
  return required > 0n ? floorDivided(equity * 100_000_000n, required) : null;
}

const worstFirst = (a: Ranked, b: Ranked): number =>
  a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.account.accountId < b.account.accountId ? -1 : 1;

const largestFirst = (a: ExposureRow, b: ExposureRow): number =>
  a.gross > b.gross ? -1 : a.gross < b.gross ? 1 : a.group < b.group ? -1 : 1;

/** For a divisor above zero. */
function floorDivided(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
