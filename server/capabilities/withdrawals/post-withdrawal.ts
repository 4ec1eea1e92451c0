import { transferCodes } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import {
  clearingKind,
  houseAccount,
  houseAccounts,
  inFlightKind,
  lockBalances,
  type NewTransfer,
  postTransfers,
  resolveHolds,
} from "../ledger/index.ts";
import { type AccountRow, type AvailableOf, lockAccounts } from "../trading/index.ts";
import { loadDebts } from "./rules.store.ts";
import type { WithdrawalRow } from "./withdrawals.store.ts";

/** Numbers of the transfers within a withdrawal's group, whose id is its own. */
const legs = { out: 0, fee: 1, arrived: 2, back: 3, feeBack: 4 } as const;

/** What arrives: the amount less the fee. Minor units. */
export const paidOut = (row: WithdrawalRow): bigint => row.amount_minor - row.fee_minor;

/**
 * The money of an approved withdrawal leaves the account: to what is in flight, and the fee to the house. Refused before its time, and when
 * since then the trader owes money or the account's positions need it.
 */
export async function postLeaving(
  work: Work,
  row: WithdrawalRow,
  availableOf: AvailableOf,
): Promise<Result<null, "TOO_EARLY" | "DEBT_OWED" | "MARGIN_NEEDED">> {
  if (!(await isDue(work, row.id))) return refuse("TOO_EARLY");
  const ledger = await lockLedger(work, row);
  if ((await loadDebts(work.db, row.trader_id)).length > 0) return refuse("DEBT_OWED");
  // Its own hold is part of what is held: below zero, the account needs some of the money itself.
  const { available } = await availableOf(work.db, ledger.account);
  if (available < 0n) return refuse("MARGIN_NEEDED");
  await resolveHolds(work.db, "withdrawal", [row.id], "posted");
  const own = ledger.account.ledger_account_id;
  await post(work, ledger, row, [
    { leg: legs.out, debit: own, credit: ledger.inFlight, amount: paidOut(row), code: transferCodes.withdrawal },
    { leg: legs.fee, debit: own, credit: ledger.fee, amount: row.fee_minor, code: transferCodes.withdrawalFee },
  ]);
  return ok(null);
}

/** What is in flight has arrived: it has left what the channel holds for the house. */
export async function postArrived(work: Work, row: WithdrawalRow): Promise<void> {
  const ledger = await lockLedger(work, row);
  await post(work, ledger, row, [
    {
      ...{ leg: legs.arrived, debit: ledger.inFlight, credit: ledger.clearing, amount: paidOut(row) },
      code: transferCodes.withdrawal,
    },
  ]);
}

/**
 * What was sent came back: the account has all of it again, the fee too, by new transfers. From what is in flight, or, once it had arrived, from
 * what the channel holds for the house.
 */
export async function postGivenBack(work: Work, row: WithdrawalRow): Promise<void> {
  const ledger = await lockLedger(work, row);
  const own = ledger.account.ledger_account_id;
  const from = row.state === "confirmed" ? ledger.clearing : ledger.inFlight;
  await post(work, ledger, row, [
    { leg: legs.back, debit: from, credit: own, amount: paidOut(row), code: transferCodes.reversal },
    { leg: legs.feeBack, debit: ledger.fee, credit: own, amount: row.fee_minor, code: transferCodes.reversal },
  ]);
}

async function isDue({ db }: Work, id: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { due: boolean }[] }>(
    "SELECT not_before <= clock_timestamp() AS due FROM withdrawals WHERE id = ?",
    [id],
  );
  return rows[0]?.due === true;
}

/** The ledger accounts that a withdrawal moves money between. */
interface Ledger {
  readonly account: AccountRow;
  readonly inFlight: bigint;
  readonly fee: bigint;
  readonly clearing: bigint;
}

/** House accounts made when missing, then the account's lock, then all balances in one order. */
async function lockLedger({ db }: Work, row: WithdrawalRow): Promise<Ledger> {
  const found = await db("accounts").where({ id: row.account_id }).first("tenant_id", "book", "currency");
  const of = { tenantId: row.tenant_id, book: found.book, currency: row.currency };
  const inFlight = await houseAccount(db, of, inFlightKind);
  const clearing = await houseAccount(db, of, clearingKind(row.channel));
  const { fee } = await houseAccounts(db, { ...of, shard: 0 });
  const account = (await lockAccounts(db, [row.account_id])).get(row.account_id);
  if (account === undefined) throw new Error(`account ${row.account_id} of withdrawal ${row.id} is gone`);
  await lockBalances(db, [account.ledger_account_id, inFlight, fee, clearing]);
  return { account, inFlight, fee, clearing };
}

type Leg = Pick<NewTransfer, "leg" | "debit" | "credit" | "code"> & { readonly amount: bigint };

const post = ({ db }: Work, { account }: Ledger, row: WithdrawalRow, made: readonly Leg[]): Promise<void> =>
  postTransfers(
    db,
    made
      .filter(({ amount }) => amount > 0n)
      .map((leg) => ({
        ...leg,
        amount: minorUnits(leg.amount),
        tenantId: row.tenant_id,
        book: account.book,
        currency: row.currency,
        groupId: row.id,
      })),
  );
