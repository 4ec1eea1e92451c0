import type { Knex } from "knex";
import type { HoldKind } from "#contracts/names.ts";
import { assert } from "#core/result.ts";
import type { MinorUnits } from "#core/units.ts";

/** Money of an account reserved for a withdrawal. What positions and orders need is held by their margin line. */
export interface NewHold {
  readonly ledgerAccountId: bigint;
  readonly kind: HoldKind;
  /** Id of the withdrawal: at most one open hold each. */
  readonly refId: string;
  /** Minor units of the account's currency, positive. */
  readonly amount: MinorUnits;
}

/**
 * Reserves money in one statement. Throws the database's `available_not_below_floor` when an account cannot cover its holds,
 * `holds_one_open_each` when one is open already.
 */
export async function openHolds(db: Knex, holds: readonly NewHold[]): Promise<void> {
  if (holds.length === 0) return;
  for (const hold of holds) assert(hold.amount > 0n, `hold of ${hold.kind} ${hold.refId} has amount ${hold.amount}`);
  await db.raw(
    `INSERT INTO holds (ledger_account_id, kind, ref_id, amount)
     SELECT * FROM unnest(?::bigint[], ?::text[], ?::uuid[], ?::bigint[])`,
    [
      holds.map((hold) => hold.ledgerAccountId.toString()),
      holds.map((hold) => hold.kind),
      holds.map((hold) => hold.refId),
      holds.map((hold) => hold.amount.toString()),
    ],
  );
}

/**
 * Releases the open holds of the named withdrawals: `posted` when the money was used, `voided` when it
 * was not. Those without an open hold are passed over, so a replay is a no-op.
 */
export async function resolveHolds(
  db: Knex,
  kind: HoldKind,
  refIds: readonly string[],
  state: "posted" | "voided",
): Promise<void> {
  if (refIds.length === 0) return;
  // Locked by id first: two batches that overlap would otherwise deadlock over the order their rows are found in.
  await db.raw(
    `WITH open AS (
       SELECT id FROM holds WHERE kind = ? AND ref_id = ANY (?::uuid[]) AND state = 'open' ORDER BY id FOR UPDATE)
     UPDATE holds h SET state = ? FROM open WHERE h.id = open.id`,
    [kind, [...refIds], state],
  );
}
