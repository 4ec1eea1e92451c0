import type { FoundIn } from "#contracts/reconciliation-names.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

/** What one side says of a payment, all in all: + came to the house, − went from it. */
export interface SidedPayment {
  readonly currency: string;
  /** Names the payment on both sides. */
  readonly payment: string;
  readonly amount: MinorUnits;
  /** YYYY-MM-DD: the day it was first seen there. */
  readonly since: string;
}

export interface ComparedPayment {
  readonly currency: string;
  readonly payment: string;
  readonly foundIn: FoundIn;
  /** 0 where the side does not have it. */
  readonly ours: MinorUnits;
  readonly theirs: MinorUnits;
  /** The earlier of the two days. */
  readonly since: string;
}

/** How many payments are in a list, and what each side says of them in sum. */
export interface ListTotal {
  readonly count: number;
  readonly ours: MinorUnits;
  readonly theirs: MinorUnits;
}
export type ComparedTotals = Readonly<Record<FoundIn, ListTotal>>;

/**
 * Joins two sides by currency and payment. An amount of 0 is no payment: it came and went again. A side that names a payment more than
 * once has it with the sum. Ordered by currency, then the oldest, then by name.
 */
export function compareSides(
  ours: readonly SidedPayment[],
  theirs: readonly SidedPayment[],
): readonly ComparedPayment[] {
  const found = new Map<string, ComparedPayment>();
  const add = (side: "ours" | "theirs", { currency, payment, amount, since }: SidedPayment): void => {
    const key = `${currency} ${payment}`;
    const known = found.get(key) ?? { currency, payment, foundIn: "matched", ours: zero, theirs: zero, since };
    const first = known.since < since ? known.since : since;
    found.set(key, { ...known, since: first, [side]: minorUnits(known[side] + amount) });
  };
  for (const one of ours) add("ours", one);
  for (const one of theirs) add("theirs", one);
  return [...found.values()]
    .filter((one) => one.ours !== 0n || one.theirs !== 0n)
    .map((one) => ({ ...one, foundIn: foundInOf(one) }))
    .sort((a, b) => byText(a.currency, b.currency) || byText(a.since, b.since) || byText(a.payment, b.payment));
}

/** What each list of one currency comes to. */
export function totalsOf(compared: readonly ComparedPayment[]): ComparedTotals {
  const sum = (foundIn: FoundIn): ListTotal => {
    const list = compared.filter((one) => one.foundIn === foundIn);
    const add = (side: "ours" | "theirs") => minorUnits(list.reduce((total, one) => total + one[side], 0n));
    return { count: list.length, ours: add("ours"), theirs: add("theirs") };
  };
  return {
    matched: sum("matched"),
    differs: sum("differs"),
    "only-ours": sum("only-ours"),
    "only-theirs": sum("only-theirs"),
  };
}

const zero = minorUnits(0n);

function foundInOf({ ours, theirs }: Pick<ComparedPayment, "ours" | "theirs">): FoundIn {
  if (ours === theirs) return "matched";
  if (theirs === 0n) return "only-ours";
  return ours === 0n ? "only-theirs" : "differs";
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
