import { randomUUID } from "node:crypto";
import { minorUnits } from "#core/units.ts";
import { houseAccounts, postTransfers } from "../../server/capabilities/ledger/index.ts";
import { transferCodes } from "../../server/contracts/names.ts";
import { hashSecret, newSecret } from "../../server/platform/ids.ts";
import type { TestDatabase } from "../support/database.ts";

/** A funded trader who is logged in. */
export interface LoadTrader {
  readonly traderId: string;
  readonly accessToken: string;
  readonly accountId: string;
}

const money = minorUnits(1_000_000_000n);

/** Makes traders with an account and a session each: in bulk, since the commands are not what is measured. */
export async function makeTraders({ owner, app }: TestDatabase, count: number): Promise<LoadTrader[]> {
  const [{ id: tenantId }] = await owner("partners").select("id").orderBy("id").limit(1);
  const { rows } = await owner.raw<{ rows: { id: string; trader_id: string; ledger_account_id: bigint }[] }>(
    `WITH t AS (
       INSERT INTO traders (tenant_id, name) SELECT ?, 'Trader ' || n FROM generate_series(1, ?) n RETURNING id, tenant_id),
     l AS (
       INSERT INTO ledger_accounts (tenant_id, book, owner_id, kind, currency, floor)
       SELECT tenant_id, 'demo', id, 'trader.cash', 'USD', 0 FROM t RETURNING id, owner_id, tenant_id)
     INSERT INTO accounts (tenant_id, trader_id, book, currency, currency_scale, ledger_account_id)
     SELECT tenant_id, owner_id, 'demo', 'USD', 2, id FROM l RETURNING id, trader_id, ledger_account_id`,
    [tenantId, count],
  );
  await app.transaction(async (trx) => {
    const house = await houseAccounts(trx, { tenantId, book: "demo", currency: "USD", shard: 0 });
    await postTransfers(
      trx,
      rows.map((row) => ({
        ...{ tenantId, book: "demo" as const, currency: "USD", debit: house.clearing, credit: row.ledger_account_id },
        ...{ amount: money, code: transferCodes.deposit, groupId: randomUUID(), leg: 0 },
      })),
    );
  });
  const traders = rows.map((row) => ({ accessToken: newSecret(), accountId: row.id, traderId: row.trader_id }));
  await owner.raw(
    `INSERT INTO sessions (token_hash, subject_kind, subject_id, expires_at)
     SELECT hash, 'trader', trader, now() + interval '1 day' FROM unnest(?::bytea[], ?::uuid[]) AS s (hash, trader)`,
    [traders.map((trader) => hashSecret(trader.accessToken)), traders.map((trader) => trader.traderId)],
  );
  await owner.raw("VACUUM ANALYZE");
  return traders;
}
