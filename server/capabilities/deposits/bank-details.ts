import { randomBytes } from "node:crypto";
import type { TraderIdentity } from "#contracts/identity.ts";
import { paymentReference } from "#core/payment-reference.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { type AccountRow, lockAccounts } from "../trading/index.ts";
import type { DepositDeps } from "./ports.ts";
import { actorOf } from "./request-deposit.ts";

export interface BankDetails {
  holder: string;
  iban: string;
  bic: string | null;
  bank_name: string | null;
  currency: string;
  reference: string;
}

/**
 * The house's bank accounts that a trader may pay to, with the standing reference of his account, made when it is first asked for. null:
 * the account is not his; none: it is a demo's, or nothing is offered in its currency.
 */
export const bankDetails =
  ({ transact }: Pick<DepositDeps, "transact">) =>
  (trader: TraderIdentity, accountId: string): Promise<readonly BankDetails[] | null> =>
    transact(actorOf(trader), async (work) => {
      const account = (await lockAccounts(work.db, [accountId])).get(accountId);
      if (account?.trader_id !== trader.traderId) return null;
      if (account.book !== "live") return [];
      const rows = await work
        .db("bank_accounts")
        .where({ tenant_id: account.tenant_id, currency: account.currency, is_offered: true })
        .orderBy("created_at")
        .limit(10)
        .select<Omit<BankDetails, "reference">[]>("holder", "iban", "bic", "bank_name", "currency");
      if (rows.length === 0) return [];
      const reference = await standingReference(work, account);
      return rows.map((row) => ({ ...row, reference }));
    });

/** The caller has locked the account. */
async function standingReference({ db }: Work, { id, tenant_id }: AccountRow): Promise<string> {
  const found = await db("payment_references").where({ account_id: id }).first("reference");
  if (found !== undefined) return found.reference;
  const reference = paymentReference(randomBytes(7));
  await db("payment_references").insert({ reference, tenant_id, account_id: id });
  return reference;
}
