import { createHash } from "node:crypto";
import type { Book } from "#contracts/names.ts";
import { transferCodes } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, type MinorUnits, minorUnits } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { houseAccounts, lockBalances, type NewTransfer, postTransfers } from "../ledger/index.ts";
import { type AccountsDeps, reaches } from "./deps.ts";

export interface Funding {
  readonly accountId: string;
  /** Minor units of the account's currency: + is paid in, - is taken out. */
  readonly amount: MinorUnits;
  /** Why; kept in the journal and the audit log. */
  readonly reason: string;
  /** A UUID of the caller's: the same request twice moves money once. Absent: each call is a request of its own. */
  readonly requestId?: string;
}

export interface Funded {
  /** The transfer's group in the journal. */
  readonly groupId: string;
  /** Booked balance after it, in minor units. */
  readonly balance: MinorUnits;
}

export type FundRefusal =
  | "UNKNOWN_ACCOUNT"
  | "AMOUNT_ZERO"
  | "REASON_REQUIRED"
  | "REQUEST_ID_REUSED"
  | "INSUFFICIENT_FUNDS";

const reasonChars = { min: 3, max: 500 };

/**
 * Pays into or takes from an account by hand. On a live account that is a manual adjustment (code 40) against the house's
 * own equity. Demo money comes from the demo book's bank (code 1), so that the demo book reads as the live one will.
 */
export const fundAccount =
  (deps: AccountsDeps) =>
  (actor: Actor, funding: Funding): Promise<Result<Funded, FundRefusal>> =>
    deps.transact(actor, async (work) => {
      const funded = await fund(work, actor, funding);
      if (funded.ok)
        work.afterCommit(() => deps.announce({ kind: "settled", accountId: funding.accountId, orderIds: [] }));
      return funded;
    });

/** The same, inside a transaction that is under way. */
export async function fund(work: Work, actor: Actor, funding: Funding): Promise<Result<Funded, FundRefusal>> {
  const { amount, requestId = newId() } = funding;
  const reason = funding.reason.trim();
  if (amount === 0n) return refuse("AMOUNT_ZERO");
  if (reason.length < reasonChars.min || reason.length > reasonChars.max) return refuse("REASON_REQUIRED");
  const account = await findAccount(work, funding.accountId);
  if (account === undefined || !reaches(actor, account.tenant_id)) return refuse("UNKNOWN_ACCOUNT");
  const book = { tenantId: account.tenant_id, book: account.book, currency: account.currency };
  const house = await houseAccounts(work.db, { ...book, shard: 0 });
  const cash = account.ledger_account_id;
  const isDemoDeposit = account.book === "demo" && amount > 0n;
  const other = isDemoDeposit ? house.clearing : house.adjustment;
  // All that is touched is locked in one call: a later lock of a lower id would break the lock order.
  const balance = (await lockBalances(work.db, [cash, other])).get(cash) ?? { posted: 0n, held: 0n };

  const key = { actor: `fund:${actor.kind}:${actor.id ?? ""}`, key: requestId };
  const hash = createHash("sha256")
    .update(JSON.stringify([funding.accountId, `${amount}`, reason]))
    .digest();
  const before = await work.db("idempotency_keys").where(key).first("request_hash", "response");
  if (before !== undefined) {
    if (!hash.equals(before.request_hash)) return refuse("REQUEST_ID_REUSED");
    return ok({ groupId: before.response.groupId, balance: minorUnits(BigInt(before.response.balance)) });
  }
  if (balance.posted - balance.held + amount < 0n) return refuse("INSUFFICIENT_FUNDS");

  const transfer: NewTransfer = {
    ...book,
    debit: amount > 0n ? other : cash,
    credit: amount > 0n ? cash : other,
    amount: minorUnits(amount > 0n ? amount : -amount),
    code: isDemoDeposit ? transferCodes.deposit : transferCodes.adjustment,
    groupId: newId(),
    leg: 0,
    memo: reason,
  };
  await postTransfers(work.db, [transfer]);
  const funded = { groupId: transfer.groupId, balance: minorUnits(balance.posted + amount) };
  await work.db("idempotency_keys").insert({
    ...key,
    request_hash: hash,
    status: 200,
    response: JSON.stringify({ groupId: funded.groupId, balance: funded.balance.toString() }),
  });
  const { code, groupId } = transfer;
  record(work, account, { before: balance.posted, after: funded.balance, amount, code, groupId, reason });
  return ok(funded);
}

/** Money as decimals with their currency: the audit log is read by people. */
function record(
  { audit }: Work,
  { id, tenant_id: tenantId, currency, currency_scale: scale }: AccountRow,
  made: { before: bigint; after: bigint; amount: bigint; code: number; groupId: string; reason: string },
): void {
  const { code, groupId, reason } = made;
  audit({
    action: "fund",
    resource: "accounts",
    objectId: id,
    tenantId,
    before: { balance: formatDecimal(made.before, scale), currency },
    after: {
      balance: formatDecimal(made.after, scale),
      amount: formatDecimal(made.amount, scale),
      currency,
      code,
      groupId,
    },
    reason,
  });
}

interface AccountRow {
  id: string;
  tenant_id: number;
  book: Book;
  currency: string;
  currency_scale: number;
  ledger_account_id: bigint;
}

const findAccount = (work: Work, id: string): Promise<AccountRow | undefined> =>
  work.db<AccountRow>("accounts").where({ id }).first();
