import type { Book } from "#contracts/names.ts";
import type { Instrument } from "#core/instrument.ts";
import type { StressDeps } from "../../../server/capabilities/exposure/index.ts";
import { type Clock, systemClock } from "../../../server/platform/clock.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

/** A trading desk whose book is looked at. MES: 1.25 USD a tick, margin 100.00 and fee 0.62 USD a lot, at 5,000.00/5,000.25. */
export interface BookDesk {
  readonly house: TestDesk;
  readonly deps: StressDeps & { readonly clock: Clock };
  /** An account with so much money (minor units) and so many lots. */
  readonly holding: (money: bigint, lots: bigint, options?: { agentId?: string; book?: Book }) => Promise<TestAccount>;
  readonly trade: (account: TestAccount, lots: bigint, instrument?: string) => Promise<void>;
  /** What a look must not change. */
  readonly stateOf: (accountId: string) => Promise<unknown>;
}

export async function bookDesk(): Promise<BookDesk> {
  const house = await testDesk();
  house.market.quote("MES", "5000.00", "5000.25");
  house.market.quote("MNQ", "18000.00", "18000.25");
  const all = (): readonly Instrument[] => [...house.market.instruments.values()];
  const { latestTradable } = house.ports.market;
  const trade: BookDesk["trade"] = async (account, lots, instrument = "MES") => {
    const [side, size] = lots < 0n ? (["sell", -lots] as const) : (["buy", lots] as const);
    const order = anOrderRequest(account, { side, lots: size.toString(), instrument });
    await house.settler()([acceptedId(await house.desk.place(account.trader, order))]);
  };
  return {
    house,
    deps: {
      ...{ db: house.db.reads, clock: systemClock, quotes: { latestTradable } },
      catalog: { all, get: (id) => house.market.instruments.get(id) },
    },
    trade,
    holding: async (money, lots, options) => {
      const account = await house.openAccount(money, options);
      await trade(account, lots);
      return account;
    },
    stateOf: async (accountId) => ({
      account: await house.db.owner("accounts").where({ id: accountId }).first(),
      positions: await house.db.owner("positions").where({ account_id: accountId }),
      orders: await house.db.owner("orders").where({ account_id: accountId }).count(),
    }),
  };
}
