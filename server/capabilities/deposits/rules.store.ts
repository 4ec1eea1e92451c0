import type { Knex } from "knex";
import type { PaymentChannel } from "#contracts/payment-names.ts";
import type { DepositContext, DepositRules } from "#core/deposit.ts";
import { minorUnits } from "#core/units.ts";
import type { AccountRow } from "../trading/index.ts";
import { findChannelRow } from "../withdrawals/index.ts";

/** What the operator allows a trader to pay in by a channel; null: it is not offered. */
export async function loadDepositRules(
  db: Knex,
  of: Parameters<typeof findChannelRow>[1],
): Promise<DepositRules | null> {
  const row = await findChannelRow(db, of);
  if (row === null) return null;
  const orNull = (value: bigint | null) => (value === null ? null : minorUnits(value));
  return {
    enabled: row.deposits_enabled,
    min: minorUnits(row.deposit_min_minor),
    max: orNull(row.deposit_max_minor),
    dayMax: orNull(row.deposit_day_max_minor),
    monthMax: orNull(row.deposit_month_max_minor),
    withdrawableDays: row.deposit_withdrawable_days,
    fourEyesAbove: minorUnits(row.deposit_four_eyes_above_minor),
    fee: {
      fixed: minorUnits(row.deposit_fee_fixed_minor),
      ppm: BigInt(row.deposit_fee_ppm),
      min: minorUnits(row.deposit_fee_min_minor),
      max: orNull(row.deposit_fee_max_minor),
    },
  };
}

/** What a deposit to a locked account is decided by; null: the channel is not offered to its trader. */
export async function depositContext(
  db: Knex,
  account: AccountRow,
  channel: PaymentChannel,
): Promise<DepositContext | null> {
  const { tenant_id: tenantId, trader_id: traderId, currency, book, state, currency_scale: currencyScale } = account;
  const rules = await loadDepositRules(db, { tenantId, traderId, channel, currency });
  if (rules === null) return null;
  const { rows } = await db.raw<{ rows: { day: bigint; month: bigint; open: number }[] }>(
    `SELECT coalesce(sum(received_minor) FILTER (WHERE received_at > clock_timestamp() - interval '24 hours'), 0)::bigint AS day,
       coalesce(sum(received_minor) FILTER (WHERE received_at > clock_timestamp() - interval '30 days'), 0)::bigint AS month,
       (count(*) FILTER (WHERE state IN ('waiting', 'unknown')))::int AS open
     FROM deposits WHERE account_id = ? AND (state IN ('waiting', 'unknown')
       OR (state IN ('underpaid', 'overpaid', 'in-review', 'credited') AND received_at > clock_timestamp() - interval '30 days'))`,
    [account.id],
  );
  const [sums] = rows;
  const before = { day: minorUnits(BigInt(sums?.day ?? 0n)), month: minorUnits(BigInt(sums?.month ?? 0n)) };
  return { account: { book, state, currencyScale }, rules, before, open: sums?.open ?? 0 };
}
