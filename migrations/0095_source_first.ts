import type { Knex } from "knex";

const view = (more: string): string => `
    CREATE VIEW admin_payment_channels WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.channel, p.currency, p.tier, p.withdrawals_enabled, to_major(p.min_minor, c.scale) AS least,
        to_major(p.max_minor, c.scale) AS most, p.day_count, to_major(p.day_max_minor, c.scale) AS day_most,
        to_major(p.month_max_minor, c.scale) AS month_most, to_major(p.auto_up_to_minor, c.scale) AS auto_up_to,
        to_major(p.four_eyes_above_minor, c.scale) AS four_eyes_above, p.cooling_hours, to_major(p.fee_fixed_minor, c.scale) AS fee_fixed,
        p.fee_ppm, to_major(p.fee_min_minor, c.scale) AS fee_least, to_major(p.fee_max_minor, c.scale) AS fee_most,
        p.created_at, p.updated_at, p.version, p.deposits_enabled, to_major(p.deposit_min_minor, c.scale) AS deposit_least,
        to_major(p.deposit_max_minor, c.scale) AS deposit_most, to_major(p.deposit_day_max_minor, c.scale) AS deposit_day_most,
        to_major(p.deposit_month_max_minor, c.scale) AS deposit_month_most,
        to_major(p.deposit_four_eyes_above_minor, c.scale) AS deposit_four_eyes_above,
        to_major(p.deposit_fee_fixed_minor, c.scale) AS deposit_fee_fixed, p.deposit_fee_ppm,
        to_major(p.deposit_fee_min_minor, c.scale) AS deposit_fee_least, to_major(p.deposit_fee_max_minor, c.scale) AS deposit_fee_most,
        p.deposit_withdrawable_days${more}
      FROM payment_channels p JOIN currencies c ON c.code = p.currency;
    GRANT SELECT ON admin_payment_channels TO truewick_app;`;

/** Whether money goes back first the way it came. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE payment_channels ADD COLUMN source_first text NOT NULL DEFAULT 'review'
      CONSTRAINT payment_channels_source_first_known CHECK (source_first IN ('off', 'review', 'refuse'));
    COMMENT ON COLUMN payment_channels.source_first IS 'what happens to a withdrawal of money that came by another channel and has not gone back there';
    DROP VIEW admin_payment_channels;
    ${view(", p.source_first")}
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_payment_channels;
    ALTER TABLE payment_channels DROP COLUMN source_first;
    ${view("")}
  `);
}
