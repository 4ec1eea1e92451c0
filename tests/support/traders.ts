import { minorUnits } from "#core/units.ts";
import { fundAccount, openAccount } from "../../server/capabilities/accounts/index.ts";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { hashSecret, newSecret } from "../../server/platform/ids.ts";
import type { TestDatabase } from "./database.ts";

export interface FundedTrader {
  readonly accountId: string;
  /** Of a session that lasts an hour. */
  readonly accessToken: string;
}

const tenMillion = minorUnits(1_000_000_000n);

/** A trader of the first partner with a demo account in USD, money in it, and a session: for loads of many traders. */
export async function aFundedTrader(database: Pick<TestDatabase, "app" | "owner">): Promise<FundedTrader> {
  const [partner] = await database.owner("partners").select("id").orderBy("id").limit(1);
  const [trader] = await database.owner("traders").insert({ tenant_id: partner.id, name: "A trader" }).returning("id");
  const deps = { transact: transactor(database.app), announce: () => {}, hashPassword: () => Promise.resolve("") };
  const opened = await openAccount(deps)(systemActor, { traderId: trader.id, book: "demo", currency: "USD" });
  if (!opened.ok) throw new Error(opened.refusal);
  const accountId = opened.value.id;
  const funded = await fundAccount(deps)(systemActor, {
    accountId,
    amount: tenMillion,
    reason: "money for a load test",
  });
  if (!funded.ok) throw new Error(funded.refusal);
  const accessToken = newSecret();
  await database.owner("sessions").insert({
    token_hash: hashSecret(accessToken),
    subject_kind: "trader",
    subject_id: trader.id,
    expires_at: new Date(Date.now() + 3_600_000),
  });
  return { accountId, accessToken };
}
