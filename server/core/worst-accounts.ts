import type { WorstOrder } from "#contracts/exposure-names.ts";
import type { BookAccount } from "./book-account.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

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

/** An account's money at the marks, in minor units; `gross`: what its positions are worth, both sides together. */
export interface AccountMoney {
  readonly equity: bigint;
  readonly required: bigint;
  readonly unrealized: bigint;
  readonly gross: bigint;
}

interface Ranked {
  readonly account: BookAccount;
  readonly money: AccountMoney;
  readonly rank: bigint;
}

/** Keeps the `max` worst of the accounts that it is given, and little more than that at any time. */
export function worstAccounts(
  order: WorstOrder,
  max: number,
): {
  readonly add: (account: BookAccount, money: AccountMoney) => void;
  readonly result: () => readonly WorstAccount[];
} {
  let kept: Ranked[] = [];
  /** Whoever is better than this is not among the worst any more. */
  let cutOff: bigint | null = null;
  const sort = (): void => {
    kept = kept.sort(worstFirst).slice(0, max);
  };
  return {
    add: (account, money) => {
      const rank = rankOf(order, account, money);
      if (rank === null || (cutOff !== null && rank > cutOff)) return;
      kept.push({ account, money, rank });
      if (kept.length < 8 * max) return;
      sort();
      cutOff = kept.at(-1)?.rank ?? null;
    },
    result: () => {
      sort();
      return kept.map(({ account, money }) => ({
        ...{ account, equity: minorUnits(money.equity), required: minorUnits(money.required) },
        ...{ unrealized: minorUnits(money.unrealized), room: roomOf(account, money) },
      }));
    },
  };
}

/** The lower, the worse. Null: it is not among the worst at all. The level counts to a millionth of a per cent. */
function rankOf(order: WorstOrder, account: BookAccount, money: AccountMoney): bigint | null {
  const { equity, required, unrealized } = money;
  if (order === "room") return roomOf(account, money);
  if (order === "loss") return unrealized < 0n ? unrealized : null;
  return required > 0n ? floorDivided(equity * 100_000_000n, required) : null;
}

function roomOf({ stopOut }: BookAccount, { equity, required, gross }: AccountMoney): bigint | null {
  return gross === 0n ? null : floorDivided((equity * 100n - stopOut * required) * 100n, gross);
}

const worstFirst = (a: Ranked, b: Ranked): number =>
  a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.account.accountId < b.account.accountId ? -1 : 1;

/** For a divisor above zero. */
function floorDivided(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
