import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { minorUnits } from "#core/units.ts";
import { openHolds } from "../../../server/capabilities/ledger/index.ts";
import { contentHash } from "../../../server/capabilities/withdrawals/withdrawals.store.ts";

interface Owner {
  readonly tenantId: number;
  readonly traderId: string;
  readonly accountId: string;
}

/** A row of each resource that moves money by hand, for one partner. */
export async function makeMoneyRows(db: Knex, owner: Owner): Promise<void> {
  const { tenantId, accountId } = owner;
  await db("payment_channels").insert({ tenant_id: tenantId, channel: "bank", currency: "USD", min_minor: 1_000 });
  const cancelled = await makeWithdrawal(db, owner);
  await makeDeposit(db, owner);
  const [close] = await db("day_closes").insert({ tenant_id: tenantId, book_date: "2026-11-20" }).returning("id");
  await db("day_close_steps").insert({ close_id: `${close.id}`, step_no: 1, step: "set-closed" });
  await makeExport(db, owner);
  await makeStatement(db, owner);
  await makeBatch(db, owner, cancelled);
  await makePayable(db, owner);
  await makeSchedule(db, owner);
  await makeReconciliation(db, owner);
  await makeLink(db, owner);
  await db("adjustments").insert({
    ...{
      id: randomUUID(),
      tenant_id: tenantId,
      account_id: accountId,
      amount_minor: 500,
      currency: "USD",
      currency_scale: 2,
    },
    ...{ reason_code: "goodwill", note: "a slow answer", requested_by_id: randomUUID(), requested_by: "Ann" },
  });
}

/** Two traders who may be one person, and what somebody decided about them. */
async function makeLink(db: Knex, { tenantId, traderId }: Owner): Promise<void> {
  const [other] = await db("traders").insert({ tenant_id: tenantId, name: "Twin" }).returning("id");
  const [trader_a, trader_b] = [traderId, other.id].sort();
  const pair = { tenant_id: tenantId, trader_a, trader_b, score: 0.9, evidence: "[]", weights_version: 1 };
  const decided = { state: "household", reason: "looked at", decided_by: "Ann" };
  await db("account_links").insert(pair);
  await db("account_links")
    .where({ trader_a, trader_b })
    .update({ ...decided, decided_at: db.raw("clock_timestamp()") });
  await db("account_link_decisions").insert({ ...pair, ...decided });
}

/** An export that waits. */
async function makeExport(db: Knex, { tenantId }: Owner): Promise<void> {
  await db("exports").insert({
    ...{ id: randomUUID(), tenant_id: tenantId, report: "trades", book: "live", from_date: "2026-11-01" },
    ...{ to_date: "2026-11-02", profile: "system", separator: "comma", time_zone: "UTC" },
    ...{ requested_by_id: randomUUID(), requested_by: "Ann" },
  });
}

/** A withdrawal that was taken back, with the place it was to go to. */
async function makeWithdrawal(db: Knex, owner: Owner): Promise<string> {
  // Cancelled: nothing is held for it.
  const ended = { state: "cancelled", ended_by: "Ann", ended_at: db.raw("clock_timestamp()"), reviews_needed: 1 };
  return insertWithdrawal(db, owner, "DE89370400440532013000", ended);
}

/** One of 100.00 USD that may be paid: what a batch can be gathered of. */
export async function makePayable(db: Knex, owner: Owner, address = "DE75512108001245126199"): Promise<void> {
  const id = await insertWithdrawal(db, owner, address, { state: "approved", reviews_needed: 0 });
  const { ledger_account_id: ledgerAccountId } = await db("accounts").where({ id: owner.accountId }).first();
  await openHolds(db, [{ ledgerAccountId, kind: "withdrawal", refId: id, amount: minorUnits(10_000n) }]);
}

async function insertWithdrawal(
  db: Knex,
  { tenantId, traderId, accountId }: Owner,
  address: string,
  more: object,
): Promise<string> {
  const [id, target, name] = [randomUUID(), randomUUID(), "Ann"];
  await db("payout_targets").insert({
    ...{ id: target, tenant_id: tenantId, trader_id: traderId, channel: "bank", name, address },
  });
  const content = {
    ...{ account_id: accountId, amount_minor: 10_000n, fee_minor: 0n, currency: "USD", channel: "bank" as const },
    ...{ target_id: target, target_name: name, target_address: address },
  };
  await db("withdrawals").insert({
    ...{ ...content, amount_minor: "10000", fee_minor: "0" },
    ...{ id, tenant_id: tenantId, trader_id: traderId, request_id: randomUUID(), currency_scale: 2 },
    ...{ checks: "[]", content_hash: contentHash(content), not_before: db.raw("clock_timestamp()"), ...more },
  });
  return id;
}

/** A batch that was given up, with the payout of a withdrawal that was cancelled. */
async function makeBatch(db: Knex, { tenantId }: Owner, withdrawalId: string): Promise<void> {
  const [id, money] = [randomUUID(), { tenant_id: tenantId, currency: "USD", currency_scale: 2 }];
  await db("payout_batches").insert({
    ...{ ...money, id, bank_account_id: bankAccountOf(tenantId), gathered_by_id: randomUUID(), gathered_by: "Ann" },
  });
  await db("bank_payouts").insert({
    ...{ ...money, id: randomUUID(), batch_id: id, withdrawal_id: withdrawalId, place: 1, payee: "Ann" },
    ...{ reference: `PAY-0000000${tenantId % 10}`, iban: "DE89370400440532013000", amount_minor: 10_000 },
    state: "cancelled",
  });
}

/** The house's bank account of a partner. */
export const bankAccountOf = (tenantId: number): string =>
  `00000000-0000-4000-8000-${String(tenantId).padStart(12, "0")}`;

/** A deposit that was taken back before it was credited, with what the channel said of it. */
async function makeDeposit(db: Knex, { tenantId, traderId, accountId }: Owner): Promise<void> {
  const [id, paymentNo] = [randomUUID(), `T-${tenantId}`];
  const money = { currency: "USD", currency_scale: 2 };
  await db("deposits").insert({
    ...{ id, tenant_id: tenantId, trader_id: traderId, account_id: accountId, channel: "gateway", ...money },
    ...{ payment_no: paymentNo, asked_minor: 5_000, state: "reversed", ended_at: db.raw("clock_timestamp()") },
  });
  await db("payment_events").insert({
    ...{ tenant_id: tenantId, channel: "gateway", external_id: `notice:${paymentNo}`, deposit_id: id, ...money },
    ...{ source: "notice", payment_no: paymentNo, status: "reversed", amount_minor: 5_000, body: Buffer.from("a=b") },
  });
}

/** A statement of each account; only the database itself, or its owner, can write one. */
export async function makeAccountStatements(owner: Knex): Promise<void> {
  await owner.raw(
    `INSERT INTO account_statements (tenant_id, book_date, account_id, trader_id, book, currency, currency_scale, opening_minor, moved_minor,
       closing_minor, held_minor, movements, totals, movements_hash, positions, open_pnl_minor, hash)
     SELECT tenant_id, '2026-11-20', id, trader_id, book, currency, currency_scale, 0, 500, 500, 0, 1, '{"adjustment": "500"}', sha256(''), '[]', 0, ''
     FROM accounts ORDER BY created_at`,
  );
}

/** A comparison of the bank that found a line of theirs alone. */
async function makeReconciliation(db: Knex, { tenantId }: Owner): Promise<void> {
  const [run, task] = [randomUUID(), randomUUID()];
  const [money, payment] = [
    { currency: "USD", currency_scale: 2 },
    { payment: "line 7", since: "2026-11-20" },
  ];
  const found = { ...money, ...payment, found_in: "only-theirs", ours_minor: 0, theirs_minor: -500 };
  await db("reconciliation_runs").insert({
    ...{ id: run, tenant_id: tenantId, channel: "bank", from_date: "2026-11-20", to_date: "2026-11-20" },
    asked_by: "Ann",
  });
  await db("reconciliation_items").insert({ run_id: run, ...found });
  await db("reconciliation_tasks").insert({ id: task, tenant_id: tenantId, channel: "bank", run_id: run, ...found });
  await db("reconciliation_totals").insert({
    ...{ run_id: run, ...money, matched: 0, matched_minor: 0, differs: 0, differs_ours_minor: 0 },
    ...{ differs_theirs_minor: 0, only_ours: 0, only_ours_minor: 0, only_theirs: 1, only_theirs_minor: -500 },
    ...{ ours_minor: 0, theirs_minor: -500, aside_minor: 0, explained_minor: -500 },
  });
  await db("reconciliation_runs")
    .where({ id: run })
    .update({ state: "done", ended_at: db.raw("clock_timestamp()") });
}

/** A schedule that has asked for nothing yet. */
const makeSchedule = (db: Knex, { tenantId }: Owner): Promise<void> =>
  db("export_schedules").insert({ tenant_id: tenantId, name: "Of each day", report: "ledger", period: "day" });

/** A bank account with a statement of one line that went out: what came would need a deposit. */
async function makeStatement(db: Knex, { tenantId }: Owner): Promise<void> {
  const [bank, statement, iban] = [bankAccountOf(tenantId), randomUUID(), "DE89370400440532013000"];
  const money = { currency: "USD", currency_scale: 2 };
  await db("bank_accounts").insert({ id: bank, tenant_id: tenantId, holder: "House", iban, currency: "USD" });
  await db("bank_statements").insert({
    ...{ id: statement, tenant_id: tenantId, bank_account_id: bank, place: 1, format: "csv", ...money, lines: 1 },
    ...{ file_hash: Buffer.alloc(32, tenantId), file: Buffer.from("a;b"), opening_minor: 500, closing_minor: 0 },
    ...{ imported_by_id: randomUUID(), imported_by: "Ann" },
  });
  await db("statement_lines").insert({
    ...{ tenant_id: tenantId, bank_account_id: bank, statement_id: statement, row_no: 2, line_key: "k", ...money },
    ...{ booked_on: "2026-11-20", amount_minor: -500, bank_reference: "B-1", party_name: "The bank", text: "charges" },
  });
}
