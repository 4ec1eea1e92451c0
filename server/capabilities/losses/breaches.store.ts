import type { Knex } from "knex";
import type { LossSlot } from "#contracts/loss-names.ts";
import { type EffectiveLossRule, writeLossRule } from "#core/loss-rule.ts";
import type { FoundBreach, LossState } from "#core/loss-state.ts";
import type { MinorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { newId } from "../../platform/ids.ts";
import type { AccountRow } from "../trading/index.ts";

/** A breach to be written down. `paid`: what was paid in and not out again: results and it are money of the account. */
export interface NewBreach {
  readonly account: AccountRow;
  readonly slot: LossSlot;
  readonly effective: EffectiveLossRule;
  readonly state: LossState;
  readonly found: FoundBreach;
  readonly paid: MinorUnits;
  /** The prices it was acted upon at, as JSON: instrument -> {seq, bid, ask}. */
  readonly quotes: string;
  /** The accounts that counted as one with it. */
  readonly mates: readonly string[];
}

/** Writes breaches in one statement and returns their ids, in their order. */
export async function writeBreaches(db: Knex, breaches: readonly NewBreach[]): Promise<string[]> {
  if (breaches.length === 0) return [];
  const ids = breaches.map(() => newId());
  const money = (pick: (found: FoundBreach) => bigint): string[] =>
    breaches.map(({ found, paid }) => (pick(found) + paid).toString());
  await prepared(
    db,
    `INSERT INTO loss_breaches (id, tenant_id, trader_id, account_id, book, currency, currency_scale, slot, action, at, counted_since,
       ends_at, base_minor, limit_minor, edge_minor, measured_minor, rule, source, rule_version, quotes, mates)
     SELECT n.id, n.tenant, n.trader, n.account, n.book, n.currency, n.scale, n.slot, n.action, to_timestamp(n.at / 1000),
       to_timestamp(n.since / 1000), to_timestamp(nullif(n.ends, '')::float8 / 1000), n.base, n.amount, n.edge, n.measured, n.rule,
       n.source, n.version, n.quotes, string_to_array(n.mates, ' ')::uuid[]
     FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::smallint[], ?::text[], ?::text[], ?::float8[],
       ?::float8[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::jsonb[], ?::text[], ?::int[], ?::jsonb[],
       ?::text[])
       AS n (id, tenant, trader, account, book, currency, scale, slot, action, at, since, ends, base, amount, edge, measured, rule, source,
         version, quotes, mates)`,
    [
      ids,
      breaches.map(({ account }) => account.tenant_id),
      breaches.map(({ account }) => account.trader_id),
      breaches.map(({ account }) => account.id),
      breaches.map(({ account }) => account.book),
      breaches.map(({ account }) => account.currency),
      breaches.map(({ account }) => account.currency_scale),
      breaches.map(({ slot }) => slot),
      breaches.map(({ found }) => found.breach.action),
      breaches.map(({ found }) => found.breach.at),
      breaches.map(({ state }) => state.since),
      breaches.map(({ found }) => found.breach.endsAt?.toString() ?? ""),
      money(({ base }) => base),
      breaches.map(({ found }) => found.amount.toString()),
      money(({ edge }) => edge),
      money(({ result }) => result),
      breaches.map(({ effective }) => JSON.stringify(writeLossRule(effective.rule))),
      breaches.map(({ effective }) => effective.source),
      breaches.map(({ effective }) => effective.version),
      breaches.map(({ quotes }) => quotes),
      breaches.map(({ mates }) => mates.join(" ")),
    ],
  );
  return ids;
}
