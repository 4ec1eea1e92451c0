import type { Knex } from "knex";
import { ok, type Result, refuse } from "#core/result.ts";
import { parseDecimal } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface ChannelRefusal {
  readonly code: "UNKNOWN_CURRENCY" | "AMOUNT_TOO_FINE";
  readonly field: string;
}

const columns: Readonly<Record<string, string>> = {
  tenantId: "tenant_id",
  channel: "channel",
  currency: "currency",
  tier: "tier",
  withdrawalsEnabled: "withdrawals_enabled",
  dayCount: "day_count",
  coolingHours: "cooling_hours",
  sourceFirst: "source_first",
  feePpm: "fee_ppm",
  depositsEnabled: "deposits_enabled",
  depositFeePpm: "deposit_fee_ppm",
  depositWithdrawableDays: "deposit_withdrawable_days",
};
/** Decimals in major units on the wire, minor units in the table. */
const moneyColumns: Readonly<Record<string, string>> = {
  least: "min_minor",
  most: "max_minor",
  dayMost: "day_max_minor",
  monthMost: "month_max_minor",
  autoUpTo: "auto_up_to_minor",
  fourEyesAbove: "four_eyes_above_minor",
  feeFixed: "fee_fixed_minor",
  feeLeast: "fee_min_minor",
  feeMost: "fee_max_minor",
  depositLeast: "deposit_min_minor",
  depositMost: "deposit_max_minor",
  depositDayMost: "deposit_day_max_minor",
  depositMonthMost: "deposit_month_max_minor",
  depositFourEyesAbove: "deposit_four_eyes_above_minor",
  depositFeeFixed: "deposit_fee_fixed_minor",
  depositFeeLeast: "deposit_fee_min_minor",
  depositFeeMost: "deposit_fee_max_minor",
};

/** Offers a channel in a currency, to a partner, a tier or everybody. */
export async function createChannel(work: Work, input: Fields): Promise<Result<{ id: string }, ChannelRefusal>> {
  const row = await rowOf(work.db, input, String(input.currency));
  if (!row.ok) return row;
  const id = newId();
  await work.db("payment_channels").insert({ ...row.value, id });
  const tenantId = typeof input.tenantId === "number" ? input.tenantId : null;
  work.audit({ action: "create", resource: "payment-channels", objectId: id, tenantId, after: input });
  return ok({ id });
}

/** Changes what is allowed, for requests from now on; the caller has locked the row. */
export async function updateChannel(
  work: Work,
  update: { readonly id: string; readonly changes: Fields; readonly current: Fields },
): Promise<Result<null, ChannelRefusal>> {
  const { id, changes, current } = update;
  const row = await rowOf(work.db, changes, String(current.currency));
  if (!row.ok) return row;
  const { db } = work;
  await db("payment_channels")
    .where({ id })
    .update({ ...row.value, updated_at: db.raw("clock_timestamp()"), version: db.raw("version + 1") });
  const before = Object.fromEntries(Object.keys(changes).map((field) => [field, current[field]]));
  const tenantId = typeof current.tenantId === "number" ? current.tenantId : null;
  work.audit({ action: "update", resource: "payment-channels", objectId: id, tenantId, before, after: changes });
  return ok(null);
}

async function rowOf(db: Knex, fields: Fields, code: string): Promise<Result<Record<string, unknown>, ChannelRefusal>> {
  const currency = await db("currencies").where({ code }).first("scale");
  if (currency === undefined) return refuse({ code: "UNKNOWN_CURRENCY", field: "currency" });
  const row: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    const column = columns[field];
    const money = moneyColumns[field];
    if (column !== undefined) row[column] = value;
    if (money === undefined) continue;
    const minor = value === null ? null : parseDecimal(String(value), currency.scale);
    if (minor === null && value !== null) return refuse({ code: "AMOUNT_TOO_FINE", field });
    row[money] = minor === null ? null : minor.toString();
  }
  return ok(row);
}
