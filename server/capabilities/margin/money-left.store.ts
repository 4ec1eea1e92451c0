import type { Knex } from "knex";
import { transferCodes } from "#contracts/names.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** What a quote itself sets off: it says nothing against judging an account by that quote. */
const ofTrading = [
  transferCodes.realizedPnl,
  transferCodes.fee,
  transferCodes.liquidationFee,
  transferCodes.negativeBalanceProtection,
  transferCodes.dailySettlement,
];

/** A quote younger than this is judged by as it comes; only when watching was away, older ones are. */
const presentMs = 1_000;

/**
 * Of the accounts those whose money left, or was set aside to leave, after `at` and not by trading: at that moment they had more, so a
 * quote of then does not speak about them. Nobody when `at` is the present.
 */
export async function accountsPoorerSince(db: Knex, accountIds: readonly string[], at: Date): Promise<Set<string>> {
  const rows = await prepared<{ id: string }>(
    db,
    `WITH asked AS (SELECT ?::timestamptz AS at)
     SELECT a.id FROM asked JOIN accounts a ON a.id = ANY (?::uuid[])
     WHERE asked.at < clock_timestamp() - make_interval(secs => ?::float / 1000)
       AND (EXISTS (SELECT FROM withdrawals w WHERE w.account_id = a.id AND w.requested_at > asked.at)
         OR EXISTS (SELECT FROM transfers t
                    WHERE t.debit_account = a.ledger_account_id AND t.posted_at > asked.at AND t.code <> ALL (?::smallint[])))`,
    [at.toISOString(), [...accountIds], presentMs, ofTrading],
  );
  return new Set(rows.map(({ id }) => id));
}
