import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, minorUnits, parseDecimal } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { AvailableOf } from "../trading/index.ts";
import { change, record } from "./change.ts";
import { lockDeposit } from "./deposits.store.ts";
import type { DepositDeps } from "./ports.ts";
import { lockDepositLedger, postCollected } from "./post-deposit.ts";

export type CollectRefusal =
  | "NO_PERSON"
  | "UNKNOWN_DEPOSIT"
  | "NOTHING_OWED"
  | "AMOUNT_INVALID"
  | "ABOVE_DEBT"
  | "PRICE_UNKNOWN"
  | "INSUFFICIENT_FUNDS";

export interface WantedCollection {
  readonly id: string;
  /** Decimal in major units; absent: as much of what is owed as the account has available. */
  readonly amount?: string;
  readonly note: string;
}

/**
 * Takes what a reversed deposit left owed out of the account's available money: once asked without an amount, all that is there. What
 * the account's positions need stays; its state is not touched, a person lifts it.
 */
export async function collectDebt(
  work: Work,
  { announce, availableOf }: Pick<DepositDeps, "announce"> & { readonly availableOf: AvailableOf },
  actor: Actor,
  { id, amount, note }: WantedCollection,
): Promise<Result<null, CollectRefusal>> {
  if (actor.id === null || actor.kind !== "staff") return refuse("NO_PERSON");
  const row = await lockDeposit(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_DEPOSIT");
  const owed = row.owed_minor - row.collected_minor;
  if (owed === 0n) return refuse("NOTHING_OWED");
  const wanted = amount === undefined ? null : parseDecimal(amount, row.currency_scale);
  if (amount !== undefined && (wanted === null || wanted <= 0n)) return refuse("AMOUNT_INVALID");
  if (wanted !== null && wanted > owed) return refuse("ABOVE_DEBT");
  const ledger = await lockDepositLedger(work, row, row.account_id);
  if (ledger.account === null) throw new Error(`deposit ${id} is owed by nobody`);
  const { available, unmarked } = await availableOf(work.db, ledger.account);
  if (unmarked.length > 0) return refuse("PRICE_UNKNOWN");
  const taken = minorUnits(wanted ?? (available < owed ? available : owed));
  if (taken <= 0n || taken > available) return refuse("INSUFFICIENT_FUNDS");
  const moves = await postCollected(ledger, row, taken);
  const collected = row.collected_minor + taken;
  await change(work, announce, row, { collected_minor: collected.toString(), moves });
  const money = (minor: bigint): string => formatDecimal(minor, row.currency_scale);
  const after = { amount: money(taken), owed: money(row.owed_minor - collected), currency: row.currency };
  record(work, "collect", row, after, note);
  return ok(null);
}
