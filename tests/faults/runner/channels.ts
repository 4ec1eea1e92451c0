import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { chainChannel } from "./chain.ts";
import { houseIban } from "./outside.ts";

/** What the channels cost, in minor units: known to the model by itself. */
export const feesIn = { gateway: 50n, bank: 0n, [chainChannel]: 0n } as const;
export const feesOut = { bank: 250n, [chainChannel]: 300_000n } as const;

/**
 * What the operator allows: a gateway and a bank for dollars, a chain for USDT. Small withdrawals may go by themselves, larger ones by one person, above that
 * by two; larger deposits that a person must look at by two as well. No cooling time: a run has no day to wait.
 */
export async function openChannels(db: Knex, tenantId: number): Promise<string> {
  const deposits = { deposits_enabled: true, deposit_min_minor: 100, deposit_four_eyes_above_minor: 50_000 };
  const common = { tenant_id: tenantId, currency: "USD", cooling_hours: 0, day_count: null, ...deposits };
  await db("payment_channels").insert([
    {
      ...{ ...common, channel: "bank", withdrawals_enabled: true, min_minor: 2_000 },
      ...{ auto_up_to_minor: 15_000, four_eyes_above_minor: 50_000 },
      ...{ fee_fixed_minor: `${feesOut.bank}`, deposit_fee_fixed_minor: `${feesIn.bank}` },
    },
    {
      ...{ ...common, channel: "gateway", withdrawals_enabled: false },
      deposit_fee_fixed_minor: `${feesIn.gateway}`,
    },
    {
      ...{ ...common, channel: chainChannel, currency: "USDT", withdrawals_enabled: true, min_minor: 1_000_000 },
      ...{ auto_up_to_minor: 150_000_000, four_eyes_above_minor: 200_000_000, deposit_min_minor: 1_000_000 },
      ...{ fee_fixed_minor: `${feesOut[chainChannel]}`, deposit_fee_fixed_minor: `${feesIn[chainChannel]}` },
    },
  ]);
  const id = randomUUID();
  await db("bank_accounts").insert({ id, tenant_id: tenantId, holder: "House", iban: houseIban, currency: "USD" });
  return id;
}
