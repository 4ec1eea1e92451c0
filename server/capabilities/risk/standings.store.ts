import type { Knex } from "knex";
import type { LossAction, LossSlot } from "#contracts/loss-names.ts";
import { groupBy } from "#core/group-by.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** A limit that is breached now. */
export interface StandingLimit {
  readonly slot: LossSlot;
  readonly action: LossAction;
  /** Null: until staff lift it. */
  readonly endsAt: Date | null;
  /** It was breached by all accounts that count as one with it, in sum. */
  readonly isTogether: boolean;
}

/** What a trader is told of the limits of an account. */
export interface RiskStanding {
  readonly breaches: readonly StandingLimit[];
  /** Until when he has shut himself out; null: he has not. */
  readonly excludedUntil: Date | null;
}

interface Row {
  account_id: string;
  excluded_until: Date | null;
  slot: LossSlot | null;
  breach_action: LossAction;
  breach_ends_at: Date | null;
  is_together: boolean;
}

/** How accounts stand now, in one query and without a lock: to show, not to decide by. */
export async function loadStandings(
  db: Knex,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, RiskStanding>> {
  const rows = await prepared<Row>(
    db,
    `SELECT a.id AS account_id, s.slot, s.breach_action, s.breach_ends_at,
       EXISTS (SELECT FROM loss_breaches b WHERE b.account_id = s.account_id AND b.at = s.breached_at AND b.slot = s.slot
         AND b.mates <> '{}') AS is_together,
       (SELECT max(x.until) FROM self_exclusions x WHERE x.trader_id = a.trader_id AND x.until > clock_timestamp()) AS excluded_until
     FROM accounts a LEFT JOIN loss_states s ON s.account_id = a.id AND s.breached_at IS NOT NULL
       AND (s.breach_ends_at IS NULL OR s.breach_ends_at > clock_timestamp())
     WHERE a.id = ANY (?::uuid[]) ORDER BY a.id, s.slot`,
    [[...accountIds]],
  );
  return new Map(
    [...groupBy(rows, (row) => row.account_id)].map(([id, own]) => [
      id,
      {
        excludedUntil: own[0]?.excluded_until ?? null,
        breaches: own.flatMap(({ slot, breach_action: action, breach_ends_at: endsAt, is_together: isTogether }) =>
          slot === null ? [] : [{ slot, action, endsAt, isTogether }],
        ),
      },
    ]),
  );
}

export const noStanding: RiskStanding = { breaches: [], excludedUntil: null };
