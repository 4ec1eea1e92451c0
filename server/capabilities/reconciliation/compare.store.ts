import type { Knex } from "knex";
import type { ComparedPayment, ComparedTotals, SidedPayment } from "#core/reconcile.ts";
import { minorUnits } from "#core/units.ts";
import { clearingKind } from "../ledger/index.ts";
import type { CurrencyAmount } from "./ports.ts";
import type { RunRow } from "./runs.store.ts";
import { bankStatedSql, bookedSql, channelStatedSql } from "./sides.ts";

export interface Sides {
  readonly ours: readonly SidedPayment[];
  readonly theirs: readonly SidedPayment[];
  /** What the books say the channel has for the house, all in all. */
  readonly balances: readonly CurrencyAmount[];
}

interface SideRow {
  side: "ours" | "theirs" | "balance";
  currency: string;
  payment: string;
  amount: string;
  since: string;
}

/**
 * Both sides as they are known now, of payments that were seen on one of the run's days and of those with a difference that is not gone.
 * A payment has its whole sum, also what moved before or after those days.
 */
export async function loadSides(
  db: Knex,
  { tenant_id: tenantId, channel, from_date, to_date }: Pick<RunRow, "tenant_id" | "channel" | "from_date" | "to_date">,
): Promise<Sides> {
  const bound = { tenantId, channel, kind: clearingKind(channel), from: from_date, to: to_date };
  const { rows } = await db.raw<{ rows: SideRow[] }>(
    `WITH ours AS MATERIALIZED (${bookedSql}),
       theirs AS MATERIALIZED (${channel === "bank" ? bankStatedSql : channelStatedSql}),
       wanted AS (
         SELECT currency, payment FROM ours WHERE since <= :to::date AND latest >= :from::date
         UNION SELECT currency, payment FROM theirs WHERE since <= :to::date AND latest >= :from::date
         UNION SELECT currency, payment FROM reconciliation_tasks WHERE tenant_id = :tenantId AND channel = :channel AND even_on IS NULL)
     SELECT 'ours' AS side, currency, payment, amount::text, to_char(since, 'YYYY-MM-DD') AS since FROM ours JOIN wanted USING (currency, payment)
     UNION ALL
     SELECT 'theirs', currency, payment, amount::text, to_char(since, 'YYYY-MM-DD') FROM theirs JOIN wanted USING (currency, payment)
     UNION ALL SELECT 'balance', currency, '', sum(amount)::text, '' FROM ours GROUP BY currency`,
    bound,
  );
  const side = (name: SideRow["side"]): SidedPayment[] =>
    rows
      .filter((row) => row.side === name)
      .map(({ currency, payment, amount, since }) => ({
        ...{ currency, payment, since, amount: minorUnits(BigInt(amount)) },
      }));
  return { ours: side("ours"), theirs: side("theirs"), balances: side("balance") };
}

/** Keeps the lists of a run. */
export async function storeItems(
  db: Knex,
  runId: string,
  compared: readonly ComparedPayment[],
  scales: ReadonlyMap<string, number>,
): Promise<void> {
  const column = <Value>(of: (one: ComparedPayment) => Value) => compared.map(of);
  await db.raw(
    `INSERT INTO reconciliation_items (run_id, currency, currency_scale, payment, found_in, ours_minor, theirs_minor, since)
     SELECT ?, * FROM unnest(?::text[], ?::smallint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::date[])`,
    [
      ...[runId, column(({ currency }) => currency), column(({ currency }) => scales.get(currency) ?? 0)],
      ...[column(({ payment }) => payment), column(({ foundIn }) => foundIn), column(({ ours }) => `${ours}`)],
      ...[column(({ theirs }) => `${theirs}`), column(({ since }) => since)],
    ],
  );
}

/** What a currency of a run comes to. Minor units; `theirs` null: the channel does not say what it has. */
export interface RunTotals {
  readonly currency: string;
  readonly lists: ComparedTotals;
  readonly ours: bigint;
  readonly theirs: bigint | null;
  readonly aside: bigint;
  readonly explained: bigint;
}

export async function storeTotals(
  db: Knex,
  runId: string,
  totals: readonly RunTotals[],
  scales: ReadonlyMap<string, number>,
): Promise<void> {
  const text = (amount: bigint) => amount.toString();
  for (const { currency, lists, ours, theirs, aside, explained } of totals)
    await db("reconciliation_totals").insert({
      ...{ run_id: runId, currency, currency_scale: scales.get(currency) ?? 0 },
      ...{ matched: lists.matched.count, matched_minor: text(lists.matched.ours) },
      ...{ differs: lists.differs.count, differs_ours_minor: text(lists.differs.ours) },
      ...{ differs_theirs_minor: text(lists.differs.theirs), only_ours: lists["only-ours"].count },
      ...{ only_ours_minor: text(lists["only-ours"].ours), only_theirs: lists["only-theirs"].count },
      ...{ only_theirs_minor: text(lists["only-theirs"].theirs), ours_minor: text(ours) },
      ...{ theirs_minor: theirs === null ? null : text(theirs), aside_minor: text(aside) },
      explained_minor: text(explained),
    });
}
