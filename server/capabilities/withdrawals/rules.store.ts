import type { Knex } from "knex";
import { type PaymentChannel, payoutChannels, type SourceRule } from "#contracts/payment-names.ts";
import { minorUnits } from "#core/units.ts";
import type { Debt, WithdrawalRules } from "#core/withdrawal.ts";

/** A row of payment_channels: what is allowed in and out. */
export interface ChannelRow {
  withdrawals_enabled: boolean;
  min_minor: bigint;
  max_minor: bigint | null;
  day_count: number | null;
  day_max_minor: bigint | null;
  month_max_minor: bigint | null;
  auto_up_to_minor: bigint;
  four_eyes_above_minor: bigint;
  cooling_hours: number;
  source_first: SourceRule;
  fee_fixed_minor: bigint;
  fee_ppm: number;
  fee_min_minor: bigint;
  fee_max_minor: bigint | null;
  deposits_enabled: boolean;
  deposit_min_minor: bigint;
  deposit_max_minor: bigint | null;
  deposit_day_max_minor: bigint | null;
  deposit_month_max_minor: bigint | null;
  deposit_four_eyes_above_minor: bigint;
  deposit_fee_fixed_minor: bigint;
  deposit_fee_ppm: number;
  deposit_fee_min_minor: bigint;
  deposit_fee_max_minor: bigint | null;
  deposit_withdrawable_days: number;
}

interface ChannelOf {
  readonly tenantId: number;
  readonly traderId: string;
  readonly channel: PaymentChannel;
  readonly currency: string;
}

const hourMs = 3_600_000;
const orNull = (value: bigint | null): ReturnType<typeof minorUnits> | null =>
  value === null ? null : minorUnits(value);

/**
 * What the operator has set for a trader in a channel and currency. The most exact row counts: of the partner and tier, of the
 * partner, of the tier, of everybody. null: the channel is not offered.
 */
export async function findChannelRow(db: Knex, of: ChannelOf): Promise<ChannelRow | null> {
  const { rows } = await db.raw<{ rows: ChannelRow[] }>(
    `SELECT p.* FROM payment_channels p JOIN traders t ON t.id = ?
     WHERE p.channel = ? AND p.currency = ? AND coalesce(p.tenant_id, t.tenant_id) = t.tenant_id AND coalesce(p.tier, t.tier) = t.tier
       AND t.tenant_id = ?
     ORDER BY p.tenant_id IS NULL, p.tier IS NULL LIMIT 1`,
    [of.traderId, of.channel, of.currency, of.tenantId],
  );
  return rows[0] ?? null;
}

/** What a trader may withdraw by a channel; null: it is not offered. */
export async function loadRules(db: Knex, of: ChannelOf): Promise<WithdrawalRules | null> {
  const row = await findChannelRow(db, of);
  if (row === null) return null;
  return {
    enabled: row.withdrawals_enabled,
    min: minorUnits(row.min_minor),
    max: orNull(row.max_minor),
    dayCount: row.day_count === null ? null : BigInt(row.day_count),
    dayMax: orNull(row.day_max_minor),
    monthMax: orNull(row.month_max_minor),
    autoUpTo: minorUnits(row.auto_up_to_minor),
    fourEyesAbove: minorUnits(row.four_eyes_above_minor),
    coolingMs: row.cooling_hours * hourMs,
    sourceFirst: row.source_first,
    fee: {
      fixed: minorUnits(row.fee_fixed_minor),
      ppm: BigInt(row.fee_ppm),
      min: minorUnits(row.fee_min_minor),
      max: orNull(row.fee_max_minor),
    },
  };
}

/** The account's withdrawals within the rolling windows that end now; what came back to the trader is not counted. */
export async function loadBefore(
  db: Knex,
  accountId: string,
): Promise<{ dayCount: bigint; day: ReturnType<typeof minorUnits>; month: ReturnType<typeof minorUnits> }> {
  const { rows } = await db.raw<{ rows: { day_count: bigint; day: bigint; month: bigint }[] }>(
    `SELECT count(*) FILTER (WHERE requested_at > clock_timestamp() - interval '24 hours') AS day_count,
       coalesce(sum(amount_minor) FILTER (WHERE requested_at > clock_timestamp() - interval '24 hours'), 0)::bigint AS day,
       coalesce(sum(amount_minor), 0)::bigint AS month
     FROM withdrawals WHERE account_id = ? AND requested_at > clock_timestamp() - interval '30 days'
       AND state IN ('in-review', 'approved', 'submitting', 'unknown', 'sent', 'confirmed')`,
    [accountId],
  );
  const [sums] = rows;
  return {
    dayCount: BigInt(sums?.day_count ?? 0n),
    day: minorUnits(BigInt(sums?.day ?? 0n)),
    month: minorUnits(BigInt(sums?.month ?? 0n)),
  };
}

/** What a trader owes on all his accounts, by currency. */
export async function loadDebts(db: Knex, traderId: string): Promise<Debt[]> {
  const { rows } = await db.raw<{ rows: { amount: bigint; currency: string; currency_scale: number }[] }>(
    `SELECT sum(owed_minor - collected_minor)::bigint AS amount, currency, currency_scale
     FROM deposits WHERE trader_id = ? AND owed_minor > collected_minor GROUP BY currency, currency_scale ORDER BY currency`,
    [traderId],
  );
  return rows.map(({ amount, currency, currency_scale: currencyScale }) => ({
    ...{ amount: minorUnits(amount), currency, currencyScale },
  }));
}

/** Money of an account that becomes withdrawable at a time. */
export interface FreshMoney {
  readonly amount: ReturnType<typeof minorUnits>;
  readonly withdrawableAt: Date;
}

/** What was credited less its fee by channels that may yet take it back, by the day (UTC) that it becomes withdrawable, soonest first. */
export async function loadFresh(db: Knex, accountId: string): Promise<FreshMoney[]> {
  const { rows } = await db.raw<{ rows: { amount: bigint; at: Date }[] }>(
    `SELECT sum(received_minor - fee_minor - taken_back_minor)::bigint AS amount, max(withdrawable_at) AS at
     FROM deposits WHERE account_id = ? AND state = 'credited' AND withdrawable_at > clock_timestamp()
     GROUP BY date_trunc('day', withdrawable_at AT TIME ZONE 'UTC') ORDER BY at`,
    [accountId],
  );
  return rows.map(({ amount, at }) => ({ amount: minorUnits(amount), withdrawableAt: at }));
}

/** The sum of what is not withdrawable yet. */
export const freshTotal = (fresh: readonly FreshMoney[]): ReturnType<typeof minorUnits> =>
  minorUnits(fresh.reduce((sum, { amount }) => sum + amount, 0n));

/**
 * What came into an account by each channel but one and has not gone back there: what was credited and not taken back, less what was
 * withdrawn by it. In all, and by the channels that pay out.
 */
export async function loadElsewhere(
  db: Knex,
  { accountId, channel }: { readonly accountId: string; readonly channel: PaymentChannel },
): Promise<{ all: ReturnType<typeof minorUnits>; payable: ReturnType<typeof minorUnits> }> {
  const { rows } = await db.raw<{ rows: { channel: PaymentChannel; amount: bigint }[] }>(
    `SELECT channel, sum(amount)::bigint AS amount FROM (
       SELECT channel, received_minor - fee_minor - taken_back_minor AS amount FROM deposits WHERE account_id = ? AND state = 'credited'
       UNION ALL SELECT channel, -amount_minor FROM withdrawals WHERE account_id = ?
         AND state IN ('in-review', 'approved', 'submitting', 'unknown', 'sent', 'confirmed')) m
     WHERE channel <> ? GROUP BY channel HAVING sum(amount) > 0`,
    [accountId, accountId, channel],
  );
  const sum = (some: typeof rows) => minorUnits(some.reduce((total, { amount }) => total + amount, 0n));
  return { all: sum(rows), payable: sum(rows.filter((row) => payoutChannels.some((one) => one === row.channel))) };
}

/** How long ago, in ms by the database's clock, the target was added and the trader's security last changed (null: never). */
export async function loadAges(
  db: Knex,
  of: { readonly targetId: string; readonly traderId: string },
): Promise<{ targetAgeMs: number; securityAgeMs: number | null }> {
  const { rows } = await db.raw<{ rows: { target: number; security: number | null }[] }>(
    `SELECT (extract(epoch FROM clock_timestamp() - p.created_at) * 1000)::float8 AS target,
       (SELECT (extract(epoch FROM clock_timestamp() - max(l.at)) * 1000)::float8 FROM audit_log l
        WHERE l.resource = 'traders' AND l.object_id = ? AND l.action = 'set-password') AS security
     FROM payout_targets p WHERE p.id = ?`,
    [of.traderId, of.targetId],
  );
  return { targetAgeMs: rows[0]?.target ?? 0, securityAgeMs: rows[0]?.security ?? null };
}
