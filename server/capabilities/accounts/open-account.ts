import type { Book } from "#contracts/names.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { openPersonalAccount } from "../ledger/index.ts";
import { type AccountsDeps, reaches } from "./deps.ts";

export interface NewAccount {
  readonly traderId: string;
  readonly book: Book;
  readonly currency: string;
}

export interface OpenedAccount extends NewAccount {
  readonly id: string;
  readonly ledgerAccountId: bigint;
}

export type OpenAccountRefusal = "UNKNOWN_TRADER" | "UNKNOWN_CURRENCY" | "ACCOUNT_EXISTS";

/** Opens a trading account with its cash account in the ledger: one for each trader, book and currency. */
export const openAccount =
  (deps: AccountsDeps) =>
  (actor: Actor, account: NewAccount): Promise<Result<OpenedAccount, OpenAccountRefusal>> =>
    deps.transact(actor, (work) => openFor(work, actor, account));

/** The same, inside a transaction that is under way. */
export async function openFor(
  { db, audit }: Work,
  actor: Actor,
  account: NewAccount,
): Promise<Result<OpenedAccount, OpenAccountRefusal>> {
  const { traderId, book, currency } = account;
  const trader = await db("traders").where({ id: traderId }).first("tenant_id");
  if (trader === undefined || !reaches(actor, trader.tenant_id)) return refuse("UNKNOWN_TRADER");
  const tenantId: number = trader.tenant_id;
  const scale = await db("currencies").where({ code: currency }).first("scale");
  if (scale === undefined) return refuse("UNKNOWN_CURRENCY");
  const ledgerAccountId = await openPersonalAccount(db, {
    tenantId,
    book,
    currency,
    ownerId: traderId,
    kind: "trader.cash",
  });
  if (ledgerAccountId === null) return refuse("ACCOUNT_EXISTS");
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `INSERT INTO accounts (tenant_id, trader_id, book, currency, currency_scale, ledger_account_id)
     VALUES (?, ?, ?, ?, ?, ?) RETURNING id`,
    [tenantId, traderId, book, currency, scale.scale, ledgerAccountId.toString()],
  );
  const opened = { traderId, book, currency, ledgerAccountId };
  const id = rows[0]?.id ?? "";
  audit({ action: "create", resource: "accounts", objectId: id, tenantId, after: opened });
  return ok({ id, ...opened });
}
