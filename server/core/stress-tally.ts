import type { MarginStage } from "#contracts/names.ts";
import type { MarginLevel, StopOutStep } from "./ladder.ts";
import { absolute } from "./position.ts";
import type { StressedAccount } from "./stress.ts";
import { type Lots, lots, type MinorUnits, minorUnits } from "./units.ts";

/** Whose account it is. */
export interface StressedOwner {
  readonly accountId: string;
  readonly traderId: string;
  readonly tenantId: number;
  readonly currency: string;
  readonly currencyScale: number;
}

/** What the house wins (+) or loses (-). `market` is the other side of what the traders' positions gained. */
export interface HouseSums {
  readonly market: MinorUnits;
  readonly fees: MinorUnits;
  readonly madeGood: MinorUnits;
}

export interface StoppedOut extends StressedOwner {
  readonly before: MarginLevel;
  readonly shocked: MarginLevel;
  readonly closed: readonly NonNullable<StopOutStep["close"]>[];
  readonly cancelsOrders: boolean;
  readonly fees: MinorUnits;
  readonly madeGood: MinorUnits;
  readonly after: MarginLevel;
}

interface Sums {
  market: bigint;
  fees: bigint;
  madeGood: bigint;
  accounts: number;
  stoppedOut: number;
}

type Totals = Sums & {
  currency: string;
  scale: number;
  before: bigint;
  after: bigint;
  stages: Record<MarginStage, number>;
};
type OfPartner = Sums & { tenantId: number; currency: string; scale: number };
interface OfInstrument {
  instrumentId: string;
  currency: string;
  scale: number;
  long: bigint;
  short: bigint;
  closed: bigint;
  market: bigint;
}

export interface StressResult {
  /** Accounts with a position, and those among them with one that has no price. */
  readonly accounts: number;
  readonly unpriced: number;
  readonly totals: readonly (HouseSums & {
    readonly currency: string;
    readonly scale: number;
    readonly accounts: number;
    readonly stoppedOut: number;
    /** Sums of the accounts' equity, when all is done in `after`. */
    readonly before: MinorUnits;
    readonly after: MinorUnits;
    /** How many are at which stage right after the shock, before anything is closed. */
    readonly stages: Readonly<Record<MarginStage, number>>;
  })[];
  readonly partners: readonly (HouseSums &
    Pick<OfPartner, "tenantId" | "currency" | "scale" | "accounts" | "stoppedOut">)[];
  readonly instruments: readonly {
    readonly instrumentId: string;
    readonly currency: string;
    readonly scale: number;
    /** Lots before the shock, and how many of them the stop-outs close. */
    readonly long: Lots;
    readonly short: Lots;
    readonly closed: Lots;
    readonly market: MinorUnits;
  }[];
  /** The worst first: what the house makes good, then the lowest level at the shock. Only the first `keepMax` are kept. */
  readonly stoppedOut: readonly StoppedOut[];
}

/** Adds up stressed accounts one by one; what it holds does not grow with their number. */
export function stressTally(keepMax: number): {
  readonly add: (owner: StressedOwner, stressed: StressedAccount) => void;
  readonly result: () => StressResult;
} {
  const totals = new Map<string, Totals>();
  const partners = new Map<string, OfPartner>();
  const instruments = new Map<string, OfInstrument>();
  let worst: StoppedOut[] = [];
  let accounts = 0;
  let unpriced = 0;

  const add = (owner: StressedOwner, stressed: StressedAccount): void => {
    const { currency, currencyScale: scale, tenantId } = owner;
    accounts += 1;
    if (stressed.left.holdings.some(({ position, mark }) => position.lots !== 0n && mark === null)) unpriced += 1;
    const total = of(totals, currency, () => ({
      ...{ ...noSums(), currency, scale, before: 0n, after: 0n },
      stages: { ok: 0, "margin-call": 0, "reduce-only": 0, "stop-out": 0 },
    }));
    total.before += stressed.before.equity;
    total.after += stressed.after.equity;
    total.stages[stressed.stage] += 1;
    addSums(total, stressed);
    addSums(
      of(partners, `${tenantId} ${currency}`, () => ({ ...noSums(), tenantId, currency, scale })),
      stressed,
    );
    addInstruments(instruments, owner, stressed);
    if (stressed.steps.length === 0) return;
    worst.push(stoppedOutOf(owner, stressed));
    if (worst.length >= 2 * keepMax) worst = worst.sort(worstFirst).slice(0, keepMax);
  };
  return {
    add,
    result: () => ({
      ...{ accounts, unpriced },
      totals: [...totals.values()].map((sums) => ({
        ...sums,
        ...moneyOf(sums),
        before: minorUnits(sums.before),
        after: minorUnits(sums.after),
      })),
      partners: [...partners.values()].map((sums) => ({ ...sums, ...moneyOf(sums) })),
      instruments: [...instruments.values()].map((one) => ({
        ...one,
        ...{ long: lots(one.long), short: lots(one.short), closed: lots(one.closed), market: minorUnits(one.market) },
      })),
      stoppedOut: [...worst].sort(worstFirst).slice(0, keepMax),
    }),
  };
}

function of<Value>(sums: Map<string, Value>, key: string, make: () => Value): Value {
  const known = sums.get(key);
  if (known !== undefined) return known;
  const made = make();
  sums.set(key, made);
  return made;
}

const noSums = (): Sums => ({ market: 0n, fees: 0n, madeGood: 0n, accounts: 0, stoppedOut: 0 });

function addSums(sums: Sums, { moves, fees, madeGood, steps }: StressedAccount): void {
  for (const { gained } of moves) sums.market -= gained;
  sums.fees += fees;
  sums.madeGood += madeGood;
  sums.accounts += 1;
  if (steps.length > 0) sums.stoppedOut += 1;
}

const moneyOf = ({ market, fees, madeGood }: Sums): HouseSums => ({
  market: minorUnits(market),
  fees: minorUnits(fees),
  madeGood: minorUnits(madeGood),
});

function addInstruments(
  instruments: Map<string, OfInstrument>,
  { currency, currencyScale: scale }: StressedOwner,
  { moves, steps }: StressedAccount,
): void {
  for (const { holding, gained } of moves) {
    const { instrumentId, position } = holding;
    const one = of(instruments, `${instrumentId} ${currency}`, () => ({
      ...{ instrumentId, currency, scale, long: 0n, short: 0n, closed: 0n, market: 0n },
    }));
    if (position.lots > 0n) one.long += position.lots;
    else one.short -= position.lots;
    one.market -= gained;
    if (steps.some(({ close }) => close?.instrumentId === instrumentId)) one.closed += absolute(position.lots);
  }
}

function stoppedOutOf(
  owner: StressedOwner,
  { before, shocked, steps, fees, madeGood, after }: StressedAccount,
): StoppedOut {
  const { accountId, traderId, tenantId, currency, currencyScale } = owner;
  return {
    ...{ accountId, traderId, tenantId, currency, currencyScale },
    ...{ before, shocked, fees, madeGood, after },
    closed: steps.flatMap(({ close }) => (close === null ? [] : [close])),
    cancelsOrders: steps.some(({ close }) => close === null),
  };
}

/** Amounts of different currencies are compared by their figures: their order says nothing, but it is always the same. */
function worstFirst(one: StoppedOut, other: StoppedOut): number {
  if (one.madeGood !== other.madeGood) return one.madeGood > other.madeGood ? -1 : 1;
  const [a, b] = [one.shocked.equity * other.shocked.required, other.shocked.equity * one.shocked.required];
  if (a !== b) return a < b ? -1 : 1;
  return one.accountId < other.accountId ? -1 : 1;
}
