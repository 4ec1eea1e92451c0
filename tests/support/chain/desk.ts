import type { Finality } from "#core/chain-rules.ts";
import {
  type ChainDeps,
  type ChainLook,
  type DepositAddress,
  type DepositRow,
  depositAddress,
  type LookRefusal,
  lookAtChain,
  settleDeposits,
} from "../../../server/capabilities/deposits/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { evmReader } from "../../../server/platform/payments/evm.ts";
import { evmSender } from "../../../server/platform/payments/evm-sender.ts";
import type { HouseChain } from "../../../server/roles/evm-chain.ts";
import { type TestAccount, type TestDesk, testDesk } from "../trading.ts";
import { type Anvil, startAnvil } from "./anvil.ts";
import { houseXpub } from "./wallet.ts";

export interface ChainOptions {
  /** Whose database it is; else one of its own. */
  readonly of?: TestDesk;
  readonly finality?: Finality;
  readonly decimals?: number;
  /** What the settings say of it; else the truth. */
  readonly saidDecimals?: number;
  readonly chainId?: number;
  /** Where the node is asked; else where it is. */
  readonly rpcUrl?: (anvil: Anvil) => Promise<string>;
}

/** Deposits on a real node over a database of its own, looked at when the test says so. */
export async function testChain(options: ChainOptions = {}) {
  const house: TestDesk = options.of ?? (await testDesk());
  const anvil: Anvil = await startAnvil({ decimals: options.decimals ?? 6 });
  await house.db.app("payment_channels").insert({
    ...{ channel: "usdt-erc20", currency: "USDT", deposits_enabled: true, deposit_min_minor: 1_000_000 },
    ...{ deposit_max_minor: 5_000_000_000, deposit_fee_fixed_minor: 0, deposit_four_eyes_above_minor: 100_000 },
  });
  const rpcUrl = (await options.rpcUrl?.(anvil)) ?? anvil.rpcUrl;
  const reader = evmReader({
    ...{
      rpcUrl,
      chainId: options.chainId ?? anvil.chainId,
      contract: anvil.usdt,
      xpub: houseXpub,
    },
    ...{ decimals: options.saidDecimals ?? anvil.decimals, blocksMax: 20n },
  });
  const chain: HouseChain = {
    ...{ tenantId: house.tenantId, channel: "usdt-erc20", currency: "USDT", startBlock: null },
    token: { contract: anvil.usdt, decimals: anvil.decimals },
    finality: options.finality ?? { confirmations: 3n },
    ...{ reader, hotWallet: anvil.payer.address },
    sender: evmSender({ rpcUrl, chainId: anvil.chainId, contract: anvil.usdt }),
  };
  return {
    ...chainDesk(house, chain),
    anvil,
    close: async (): Promise<void> => {
      if (options.of === undefined) await house.close();
      await anvil.close();
    },
  };
}

/** What comes on a chain, looked at when the test says so. */
export function chainDesk(house: TestDesk, chain: HouseChain) {
  const { channel } = chain;
  const deps: ChainDeps = {
    ...{ transact: transactor(house.db.app), announce: house.ports.announce, chains: [chain] },
  };
  const settle = settleDeposits({ ...deps, channels: [], clock: { now: () => new Date() } }, (error) => {
    throw error;
  });
  const address = depositAddress(deps);
  const lookOnce = (again = false) => lookAtChain(deps, chain, { again });
  return {
    ...{ house, chain, deps, lookOnce },
    /** Looks until there is nothing new, and lets what was found take its effect. */
    look: async (again = false): Promise<ChainLook | LookRefusal> => {
      for (let page = 0; page < 100; page += 1) {
        const looked = await lookOnce(again && page === 0);
        if (!looked.ok) return looked.refusal;
        while ((await settle()) > 0);
        if (looked.value.isAtHead) return looked.value;
      }
      throw new Error("the end of the chain was not reached");
    },
    account: (): Promise<TestAccount> => house.openAccount(0n, { currency: "USDT" }),
    ask: ({ trader, accountId }: TestAccount) => address(trader, { accountId, channel }),
    addressOf: async ({ trader, accountId }: TestAccount): Promise<DepositAddress> => {
      const given = await address(trader, { accountId, channel });
      if (!given.ok) throw new Error(given.refusal);
      return given.value;
    },
    deposits: ({ accountId }: TestAccount): Promise<DepositRow[]> =>
      house.db.app("deposits").where({ account_id: accountId }).orderBy("created_at"),
    states: async ({ accountId }: TestAccount): Promise<string[]> => {
      const rows = await house.db.app("deposits").where({ account_id: accountId }).orderBy("created_at");
      return rows.map(({ state }) => state);
    },
    balance: async ({ accountId }: TestAccount): Promise<bigint> => {
      const { rows } = await house.db.app.raw(
        "SELECT b.posted FROM balances b JOIN accounts a ON a.ledger_account_id = b.ledger_account_id WHERE a.id = ?",
        [accountId],
      );
      return rows[0].posted;
    },
  };
}

export type ChainDesk = ReturnType<typeof chainDesk>;

export type TestChain = Awaited<ReturnType<typeof testChain>>;
