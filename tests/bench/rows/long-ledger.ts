import { randomUUID } from "node:crypto";
import type { ExportRow } from "../../../server/capabilities/exports/index.ts";
import type { TestDatabase } from "../../support/database.ts";

const transfers = 500_000;
const transfersAtOnce = 50_000;
const accounts = 1_000;

/** Rows of the ledger as a file: both sides of each transfer. */
export const longLedgerRows = 2 * transfers;

/** One partner's bank pays a thousand traders, again and again. */
export async function fillLongLedger({ owner }: TestDatabase): Promise<void> {
  const [partner] = await owner("partners").insert({ code: "bench", name: "Bench" }).returning("id");
  await owner.raw(
    `INSERT INTO ledger_accounts (tenant_id, book, kind, currency) VALUES (?, 'live', 'clearing.bank', 'USD')`,
    [partner.id],
  );
  await owner.raw(
    `INSERT INTO ledger_accounts (tenant_id, book, kind, owner_id, currency, floor)
     SELECT ?, 'live', 'trader.cash', gen_random_uuid(), 'USD', 0 FROM generate_series(1, ?::int)`,
    [partner.id, accounts],
  );
  for (let done = 0; done < transfers; done += transfersAtOnce)
    await owner.raw(
      `WITH bank AS (SELECT id FROM ledger_accounts WHERE kind = 'clearing.bank' AND tenant_id = ?),
         trader AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM ledger_accounts WHERE kind = 'trader.cash' AND tenant_id = ?)
       INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg, memo)
       SELECT ?, 'live', 'USD', bank.id, trader.id, 1 + n % 100000, 1, gen_random_uuid(), 0, 'deposit by wire'
       FROM generate_series(1, ?::int) n CROSS JOIN bank JOIN trader ON trader.place = 1 + n % ?::int`,
      [partner.id, partner.id, partner.id, transfersAtOnce, accounts],
    );
  await owner.raw("ANALYZE");
}

/** Puts an export of all of it into the queue. */
export async function askForLedger({ owner }: TestDatabase): Promise<ExportRow> {
  const [row] = await owner("exports")
    .insert({
      ...{ id: randomUUID(), tenant_id: owner.raw("(SELECT min(id) FROM partners WHERE code = 'bench')") },
      ...{
        report: "ledger",
        book: "live",
        from_date: owner.raw("current_date - 30"),
        to_date: owner.raw("current_date + 30"),
      },
      ...{
        profile: "excel",
        separator: "comma",
        time_zone: "UTC",
        requested_by_id: randomUUID(),
        requested_by: "Bench",
      },
    })
    .returning("*");
  return row;
}
