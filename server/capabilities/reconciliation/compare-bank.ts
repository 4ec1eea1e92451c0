import type { Knex } from "knex";
import type { FoundIn } from "#contracts/reconciliation-names.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import { clearingKind } from "../ledger/index.ts";
import { bankStatedSql, bookedSql } from "./sides.ts";

/** One payment: what our books say the bank got (+) or paid (−) for it, and what its statements say. */
export interface ComparedPayment {
  /** The deposit's, withdrawal's or transfer group's id, or `line N`: a statement's line that nothing is booked for. */
  readonly payment: string;
  readonly foundIn: FoundIn;
  readonly ours: MinorUnits;
  readonly theirs: MinorUnits;
  /** From the day it was first seen, on either side, to the date compared for; never below 0. */
  readonly ageDays: number;
}

/** A currency's bank money at the end of a date: `theirs − ours = opening + Σ (theirs − ours)` over the payments. */
export interface ComparedBank {
  readonly currency: string;
  readonly scale: number;
  /** What `clearing.bank` says the banks hold for the house: its balance with the sign turned. */
  readonly ours: MinorUnits;
  /** What the statements say: first openings and every line booked up to the date. */
  readonly theirs: MinorUnits;
  /** What the bank accounts held before their first statement; never booked by itself. Counts from its first line on. */
  readonly opening: MinorUnits;
  readonly matched: bigint;
  /** Oldest first, then largest, `openMax` at most; `openCount` are all. */
  readonly open: readonly ComparedPayment[];
  readonly openCount: bigint;
}

/** How many open payments of a currency are named. */
export const openMax = 20;

interface Row {
  currency: string;
  scale: number;
  ours: string;
  theirs: string;
  opening: string;
  matched: bigint;
  open_count: bigint;
  open: readonly { payment: string; found_in: FoundIn; ours: string; theirs: string; age_days: number }[];
}

/**
 * Compares the journal's `clearing.bank` of a partner's live book with the statements of its bank accounts, both up to a book date.
 * Reads the journal itself, not its cached balances, and writes nothing. A payment is one by its deposit or withdrawal, never by its
 * amount; one that left and came back is gone from both.
 */
export async function compareBank(
  db: Knex,
  { tenantId, bookDate }: { readonly tenantId: number; readonly bookDate: string },
): Promise<readonly ComparedBank[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(comparison, {
    tenantId,
    bookDate,
    openMax,
    kind: clearingKind("bank"),
  });
  return rows.map((row) => ({
    ...{ currency: row.currency, scale: row.scale, matched: row.matched, openCount: row.open_count },
    ours: minorUnits(BigInt(row.ours)),
    theirs: minorUnits(BigInt(row.theirs)),
    opening: minorUnits(BigInt(row.opening)),
    open: row.open.map(({ payment, found_in, ours, theirs, age_days }) => ({
      ...{ payment, foundIn: found_in, ageDays: age_days },
      ...{ ours: minorUnits(BigInt(ours)), theirs: minorUnits(BigInt(theirs)) },
    })),
  }));
}

const comparison = `
  WITH ours AS (${bookedSql}),
    theirs AS (${bankStatedSql}),
    both_sides AS (
      SELECT currency, payment, coalesce(o.amount, 0) AS ours, coalesce(t.amount, 0) AS theirs,
        CASE WHEN o.amount = t.amount THEN 'matched' WHEN t.amount IS NULL THEN 'only-ours' WHEN o.amount IS NULL THEN 'only-theirs'
          ELSE 'differs' END AS found_in,
        :bookDate::date - least(o.since, t.since) AS age_days
      FROM ours o FULL JOIN theirs t USING (currency, payment)),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY currency, found_in = 'matched' ORDER BY age_days DESC, abs(theirs - ours) DESC, payment) AS place FROM both_sides),
    openings AS (
      SELECT currency, sum(opening_minor) AS opening FROM bank_statements s
      WHERE tenant_id = :tenantId AND place = 1
        AND EXISTS (SELECT FROM statement_lines l WHERE l.bank_account_id = s.bank_account_id AND l.booked_on <= :bookDate::date)
      GROUP BY 1),
    sums AS (
      SELECT currency, sum(ours) AS ours, sum(theirs) AS theirs, count(*) FILTER (WHERE found_in = 'matched') AS matched,
        count(*) FILTER (WHERE found_in <> 'matched') AS open_count,
        coalesce(jsonb_agg(jsonb_build_object('payment', payment, 'found_in', found_in, 'ours', ours::text, 'theirs', theirs::text,
          'age_days', age_days) ORDER BY place) FILTER (WHERE found_in <> 'matched' AND place <= :openMax), '[]') AS open
      FROM ranked GROUP BY 1)
  SELECT s.currency, c.scale, s.ours::text, (s.theirs + coalesce(o.opening, 0))::text AS theirs, coalesce(o.opening, 0)::text AS opening,
    s.matched, s.open_count, s.open
  FROM sums s JOIN currencies c ON c.code = s.currency LEFT JOIN openings o ON o.currency = s.currency ORDER BY 1`;
