import { transferCodes } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import {
  houseAccount,
  houseAccounts,
  inFlightKind,
  lockBalances,
  type NewTransfer,
  postTransfers,
  resolveHolds,
} from "../ledger/index.ts";
import { type AccountRow, type AvailableOf, lockAccounts } from "../trading/index.ts";
import { change } from "./decide-withdrawal.ts";
import { loadDebts } from "./rules.store.ts";
import { lockWithdrawal, type WithdrawalRow } from "./withdrawals.store.ts";

export type PayRefusal =
  | "NO_PERSON"
  | "UNKNOWN_WITHDRAWAL"
  | "NOT_IN_THIS_STATE"
  | "TOO_EARLY"
  | "DEBT_OWED"
  | "MARGIN_NEEDED"
  | "REFERENCE_REQUIRED";

export interface PayDeps {
  readonly announce: (announcement: Announcement) => void;
  readonly availableOf: AvailableOf;
}

/** Numbers of the transfers within a withdrawal's group, whose id is its own. */
const legs = { out: 0, fee: 1, arrived: 2, back: 3, feeBack: 4 } as const;

/** The ledger accounts that a withdrawal moves money between. */
interface Ledger {
  readonly account: AccountRow;
  readonly inFlight: bigint;
  readonly fee: bigint;
  readonly clearing: bigint;
}

/**
 * Says that an approved withdrawal was sent, with the bank's reference. The money leaves the account: to what is in flight, and the
 * fee to the house. Refused before its time, and when since then the trader owes money or the account's positions need it.
 */
export async function sendWithdrawal(
  work: Work,
  { announce, availableOf }: PayDeps,
  actor: Actor,
  { id, reference }: { readonly id: string; readonly reference: string },
): Promise<Result<null, PayRefusal>> {
  if (actor.id === null) return refuse("NO_PERSON");
  if (reference.trim() === "") return refuse("REFERENCE_REQUIRED");
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "approved") return refuse("NOT_IN_THIS_STATE");
  if (!(await isDue(work, id))) return refuse("TOO_EARLY");
  const ledger = await lockLedger(work, row);
  if ((await loadDebts(work.db, row.trader_id)).length > 0) return refuse("DEBT_OWED");
  // Its own hold is part of what is held: below zero, the account needs some of the money itself.
  const { available } = await availableOf(work.db, ledger.account);
  if (available < 0n) return refuse("MARGIN_NEEDED");
  await resolveHolds(work.db, "withdrawal", [id], "posted");
  const own = ledger.account.ledger_account_id;
  await post(work, ledger, row, [
    { leg: legs.out, debit: own, credit: ledger.inFlight, amount: paidOut(row), code: transferCodes.withdrawal },
    { leg: legs.fee, debit: own, credit: ledger.fee, amount: row.fee_minor, code: transferCodes.withdrawalFee },
  ]);
  await change(work, announce, row, {
    ...{ state: "sent", reference: reference.trim(), sent_by_id: actor.id, sent_by: actor.name },
    sent_at: work.db.raw("clock_timestamp()"),
  });
  record(work, "send", row, "sent", reference);
  return ok(null);
}

/** Says that the money arrived: it has left the house's account at the bank. */
export async function confirmWithdrawal(
  work: Work,
  { announce }: PayDeps,
  actor: Actor,
  id: string,
): Promise<Result<null, PayRefusal>> {
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "sent") return refuse("NOT_IN_THIS_STATE");
  const ledger = await lockLedger(work, row);
  await post(work, ledger, row, [
    {
      ...{ leg: legs.arrived, debit: ledger.inFlight, credit: ledger.clearing, amount: paidOut(row) },
      code: transferCodes.withdrawal,
    },
  ]);
  await change(work, announce, row, { state: "confirmed", ...endedBy(work, actor) });
  record(work, "confirm", row, "confirmed");
  return ok(null);
}

/** Says that the bank sent the money back: the trader has all of it again, the fee too, by new transfers. */
export async function returnWithdrawal(
  work: Work,
  { announce }: PayDeps,
  actor: Actor,
  { id, note }: { readonly id: string; readonly note: string },
): Promise<Result<null, PayRefusal>> {
  const row = await lockWithdrawal(work.db, id);
  if (row === undefined) return refuse("UNKNOWN_WITHDRAWAL");
  if (row.state !== "sent") return refuse("NOT_IN_THIS_STATE");
  const ledger = await lockLedger(work, row);
  const own = ledger.account.ledger_account_id;
  await post(work, ledger, row, [
    { leg: legs.back, debit: ledger.inFlight, credit: own, amount: paidOut(row), code: transferCodes.reversal },
    { leg: legs.feeBack, debit: ledger.fee, credit: own, amount: row.fee_minor, code: transferCodes.reversal },
  ]);
  await change(work, announce, row, { state: "returned", note, ...endedBy(work, actor) });
  record(work, "return", row, "returned", note);
  return ok(null);
}

const paidOut = (row: WithdrawalRow): bigint => row.amount_minor - row.fee_minor;

const endedBy = ({ db }: Work, actor: Actor) => ({ ended_by: actor.name, ended_at: db.raw("clock_timestamp()") });

async function isDue({ db }: Work, id: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { due: boolean }[] }>(
    "SELECT not_before <= clock_timestamp() AS due FROM withdrawals WHERE id = ?",
    [id],
  );
  return rows[0]?.due === true;
}

/** House accounts made when missing, then the account's lock, then all balances in one order. */
async function lockLedger({ db }: Work, row: WithdrawalRow): Promise<Ledger> {
  const found = await db("accounts").where({ id: row.account_id }).first("tenant_id", "book", "currency");
  const of = { tenantId: row.tenant_id, book: found.book, currency: row.currency };
  const inFlight = await houseAccount(db, of, inFlightKind);
  const { fee, clearing } = await houseAccounts(db, { ...of, shard: 0 });
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

function record(
  { audit }: Work,
  action: string,
  row: WithdrawalRow,
  to: WithdrawalRow["state"],
  reason?: string,
): void {
  audit({
    action,
    resource: "withdrawals",
    objectId: row.id,
    tenantId: row.tenant_id,
    before: { state: row.state },
    after: { state: to, paidOut: formatDecimal(paidOut(row), row.currency_scale), currency: row.currency },
    ...(reason === undefined ? {} : { reason }),
  });
}
