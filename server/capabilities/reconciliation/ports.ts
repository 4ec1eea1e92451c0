import type { Knex } from "knex";
import type { PaymentChannel } from "#contracts/payment-names.ts";
import type { RunProblem } from "#contracts/reconciliation-names.ts";
import type { DepositChannel } from "#core/deposit-channel.ts";
import type { Result } from "#core/result.ts";
import type { Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import type { DepositChain } from "../deposits/index.ts";
import type { PayoutChain } from "../withdrawals/index.ts";

/** Whom the channels are asked through: as deposits and withdrawals have them. */
export interface AskedChannels {
  readonly channels: readonly DepositChannel[];
  readonly chains: readonly (DepositChain & PayoutChain)[];
}

export interface ReconcileDeps extends AskedChannels {
  readonly db: Knex;
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
}

/** A channel of a partner and the days that are compared: book dates, both included. */
export interface Reconciled {
  readonly tenantId: number;
  readonly channel: PaymentChannel;
  readonly fromDate: string;
  readonly toDate: string;
}

/** A line of the channel's as it is stored. Minor units of the currency; `bookedAtMs` null: the day that it is read. */
export interface ReadLine {
  readonly lineNo: string;
  readonly paymentNo: string | null;
  readonly reference: string | null;
  readonly withdrawalId: string | null;
  readonly amount: bigint;
  readonly currency: string;
  readonly isFee: boolean;
  readonly bookedAtMs: number | null;
  readonly blockNumber: bigint | null;
}

/** So much of a currency, in minor units. */
export interface CurrencyAmount {
  readonly currency: string;
  readonly amount: bigint;
}

/** What a channel says. `balances`: what it has for the house now; `aside`: of that, what is of no payment or does not count yet. */
export interface Reading {
  readonly lines: readonly ReadLine[];
  readonly balances: readonly CurrencyAmount[];
  readonly aside: readonly CurrencyAmount[];
  /** Of a chain: the blocks that were read, both included. */
  readonly blocks: { readonly fromBlock: bigint; readonly toBlock: bigint } | null;
}

/** Asks the channel what it has done. Outside of any transaction; writes nothing. */
export type ReadChannel = (db: Knex, of: Reconciled) => Promise<Result<Reading, RunProblem>>;

/** The scale of each currency that the house counts in. */
export async function currencyScales(db: Knex): Promise<ReadonlyMap<string, number>> {
  const rows = await db("currencies").select<{ code: string; scale: number }[]>("code", "scale");
  return new Map(rows.map(({ code, scale }) => [code, scale]));
}
