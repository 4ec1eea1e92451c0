import type { DepositDecision, DepositState } from "#contracts/payment-names.ts";
import { feeWithin, reviewsNeededFor } from "#core/deposit.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal, minorUnits } from "#core/units.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { change, creditedNow, record } from "./change.ts";
import { type DepositRow, lockDeposit, stillThere } from "./deposits.store.ts";
import type { DepositDeps } from "./ports.ts";
import { type DepositLedger, lockDepositLedger, postCredit, postSentBack } from "./post-deposit.ts";
import { loadDepositRules } from "./rules.store.ts";
import { takeBack } from "./take-back.ts";

export interface DecideRefusal {
  readonly code:
    | "NO_PERSON"
    | "UNKNOWN_DEPOSIT"
    | "NOT_IN_THIS_STATE"
    | "SAME_REVIEWER"
    | "ACCOUNT_REQUIRED"
    | "UNKNOWN_ACCOUNT"
    | "OTHER_ACCOUNT";
  readonly field?: string;
}

export interface WantedDecision {
  readonly id: string;
  readonly decision: DepositDecision;
  /** match: whose it is, where nobody was told to pay it. */
  readonly accountId?: string;
  readonly note: string;
}

const kept: readonly DepositState[] = ["underpaid", "overpaid", "in-review", "unmatched"];
const decidable: Readonly<Record<DepositDecision, readonly DepositState[]>> = {
  match: kept,
  reject: kept,
  reverse: ["credited"],
};

/**
 * Decides by hand about money that has come: credits it (`match`), sends it back (`reject`), or takes a credited one back (`reverse`). It
 * takes effect when as many different people as it needs have decided the same; who decides otherwise begins anew.
 */
export async function decideDeposit(
  work: Work,
  announce: DepositDeps["announce"],
  actor: Actor,
  wanted: WantedDecision,
): Promise<Result<null, DecideRefusal>> {
  if (actor.id === null || actor.kind !== "staff") return refuse({ code: "NO_PERSON" });
  const row = await lockDeposit(work.db, wanted.id);
  if (row === undefined) return refuse({ code: "UNKNOWN_DEPOSIT" });
  if (!decidable[wanted.decision].includes(row.state)) return refuse({ code: "NOT_IN_THIS_STATE" });
  const whose = await accountFor(work, row, wanted);
  if (!whose.ok) return whose;
  const accountId = whose.value;
  const ledger = await lockDepositLedger(work, row, accountId);
  const isSecond =
    row.decided_at === null &&
    row.review_1_by_id !== null &&
    row.decision === wanted.decision &&
    row.decision_account_id === accountId;
  if (isSecond && row.review_1_by_id === actor.id) return refuse({ code: "SAME_REVIEWER" });
  const rules = await rulesOf(work, row, ledger);
  const needed = isSecond ? row.reviews_needed : reviewsNeededFor(minorUnits(row.received_minor ?? 0n), rules);
  const review = reviewColumns(work, actor, wanted, { accountId, needed, isSecond });
  const given = { review: isSecond ? 2 : 1, of: needed, decision: wanted.decision, accountId };
  record(work, "review", row, given, wanted.note);
  if (!isSecond && needed > 1) await change(work, announce, row, review);
  else await carryOut(work, announce, row, ledger, wanted.decision, rules, review);
  return ok(null);
}

async function accountFor(
  { db }: Work,
  row: DepositRow,
  { decision, accountId }: WantedDecision,
): Promise<Result<string | null, DecideRefusal>> {
  if (row.account_id !== null)
    return accountId === undefined || accountId === row.account_id
      ? ok(row.account_id)
      : refuse({ code: "OTHER_ACCOUNT", field: "accountId" });
  if (decision !== "match") return ok(null);
  if (accountId === undefined) return refuse({ code: "ACCOUNT_REQUIRED", field: "accountId" });
  const found = await db("accounts")
    .where({ id: accountId, tenant_id: row.tenant_id, currency: row.currency, book: "live" })
    .first("id");
  return found === undefined ? refuse({ code: "UNKNOWN_ACCOUNT", field: "accountId" }) : ok(accountId);
}

const rulesOf = async ({ db }: Work, { channel, currency }: DepositRow, { account }: DepositLedger) =>
  account === null
    ? null
    : loadDepositRules(db, { tenantId: account.tenant_id, traderId: account.trader_id, channel, currency });

function reviewColumns(
  { db }: Work,
  actor: Actor,
  { decision, note }: WantedDecision,
  of: { readonly accountId: string | null; readonly needed: number; readonly isSecond: boolean },
): Record<string, unknown> {
  const by = (place: 1 | 2, is: boolean): Record<string, unknown> => ({
    [`review_${place}_by_id`]: is ? actor.id : null,
    [`review_${place}_by`]: is ? actor.name : null,
    [`review_${place}_at`]: is ? db.raw("clock_timestamp()") : null,
  });
  if (of.isSecond) return { ...by(2, true), note };
  return {
    ...{ decision, decision_account_id: of.accountId, reviews_needed: of.needed, decided_at: null, note },
    ...{ ...by(1, true), ...by(2, false) },
  };
}

async function carryOut(
  work: Work,
  announce: DepositDeps["announce"],
  row: DepositRow,
  ledger: DepositLedger,
  decision: DepositDecision,
  rules: Awaited<ReturnType<typeof rulesOf>>,
  review: Readonly<Record<string, unknown>>,
): Promise<void> {
  const now = work.db.raw("clock_timestamp()");
  const decided = { ...review, decided_at: now, next_poll_at: null };
  const amount = stillThere(row);
  const money = { amount: formatDecimal(amount, row.currency_scale), currency: row.currency };
  if (decision === "reverse") return takeBack(work, announce, row, ledger, decided);
  if (decision === "reject") {
    await postSentBack(ledger, amount);
    await change(work, announce, row, { ...decided, state: "rejected", ended_at: now });
    return record(work, "reject", row, { state: "rejected", ...money });
  }
  const { account } = ledger;
  if (account === null) throw new Error(`deposit ${row.id} is matched with nobody`);
  const fee = rules === null ? minorUnits(0n) : feeWithin(amount, rules.fee);
  await postCredit(ledger, { amount, fee, isHeld: true });
  await change(work, announce, row, {
    ...{ ...decided, ...creditedNow(work, rules?.withdrawableDays ?? 0), state: "credited", fee_minor: fee.toString() },
    ...{ account_id: account.id, trader_id: account.trader_id },
  });
  record(work, "credit", row, { state: "credited", accountId: account.id, ...money });
}
