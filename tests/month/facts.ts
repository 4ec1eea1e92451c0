import type { TestAccount } from "../support/trading.ts";

/** Where money crosses the border of the house. */
export type Border = "gateway" | "stripe" | "bank" | "usdt-erc20" | "usdt-trc20";

/** A payment as the world outside knows it: what the house's books are held against in the end. */
export interface Fact {
  readonly channel: Border;
  /** The number by which the channel knows it. */
  readonly paymentNo: string;
  /** What came, minor units. */
  readonly amount: bigint;
  /** In what state its deposit ends. */
  readonly state: string;
}

/** What the month's actors did, told by them and not read from the house's books. */
export class Facts {
  readonly payments: Fact[] = [];
  /** What people outside of trading gave each account and took from it, by account. */
  readonly moved = new Map<string, bigint>();
  /** What lies beyond each border, as the house owns it. */
  readonly beyond: Record<Border, bigint> = { gateway: 0n, stripe: 0n, bank: 0n, "usdt-erc20": 0n, "usdt-trc20": 0n };
  readonly orders = { accepted: 0, refused: new Map<string, number>() };
  readonly withdrawals = new Map<string, string>();

  move({ accountId }: TestAccount, amount: bigint): void {
    this.moved.set(accountId, (this.moved.get(accountId) ?? 0n) + amount);
  }

  /** A payment that came, and is `credited` (less its fee) to an account in the end, or to nobody. */
  came(fact: Fact, to: TestAccount | null, credited = 0n): void {
    this.payments.push(fact);
    this.beyond[fact.channel] += fact.amount;
    if (to !== null) this.move(to, credited);
  }

  /** A part of a payment that went back to the payer; `taken`: from the account. */
  wentBack(channel: Border, amount: bigint, from: TestAccount, taken: bigint): void {
    this.beyond[channel] -= amount;
    this.move(from, -taken);
  }

  refused(code: string): void {
    this.orders.refused.set(code, (this.orders.refused.get(code) ?? 0) + 1);
  }
}

/** Minor units of a decimal with two digits, as they are typed here. */
export const cents = (amount: string): bigint => BigInt(amount.replace(".", ""));
