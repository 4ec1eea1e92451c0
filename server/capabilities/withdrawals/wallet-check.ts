import { toMinorUnits } from "#core/chain-rules.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import { systemActor } from "../../platform/db/unit-of-work.ts";
import { unsentMinor } from "./chain-payouts.store.ts";
import type { PayoutChain } from "./payout-ports.ts";
import type { PayoutDeps } from "./submit-payouts.ts";

/** What a hot wallet has and what it has still to pay, in minor units of the token's currency. */
export interface WalletCheck {
  readonly has: MinorUnits;
  readonly owes: MinorUnits;
}

/** Compares a chain's hot wallet with what is to be paid out of it; null: there is none, or its node does not answer. */
export async function walletCheck(deps: Pick<PayoutDeps, "transact">, chain: PayoutChain): Promise<WalletCheck | null> {
  if (chain.hotWallet === null) return null;
  const balance = await chain.reader.balanceOf(chain.hotWallet);
  if (!balance.ok) return null;
  return deps.transact(systemActor, async ({ db }) => {
    const { scale } = await db("currencies").where({ code: chain.currency }).first("scale");
    const has = toMinorUnits(balance.value, chain.token.decimals, scale).minor;
    return { has, owes: minorUnits(await unsentMinor(db, chain)) };
  });
}
