import { randomUUID } from "node:crypto";
import { getAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { ChainAnswer } from "#core/chain.ts";
import { openAvailable } from "../../../server/capabilities/trading/index.ts";
import {
  addTarget,
  approveWithdrawal,
  followPayouts,
  type PayoutDeps,
  requestWithdrawal,
  returnWithdrawal,
  type SigningProblem,
  type SigningWallet,
  sendWithdrawal,
  signPayouts,
  submitPayouts,
} from "../../../server/capabilities/withdrawals/index.ts";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { type Actor, systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { evmSigner } from "../../../server/platform/payments/evm-signer.ts";
import type { HouseChain } from "../../../server/roles/evm-chain.ts";
import type { TestAccount } from "../trading.ts";
import type { Anvil } from "./anvil.ts";
import { type ChainDesk, type ChainOptions, testChain } from "./desk.ts";
import { mockUsdt } from "./mock-usdt.ts";

/** Anvil's first account, which everybody knows: it deployed the token, and pays out here. */
export const hotKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80" as const;

export const finance: Actor = { ...systemActor, kind: "staff", id: randomUUID(), name: "Ann", role: "finance" };

/** An address that nobody has used. */
export const newAddress = (): string =>
  privateKeyToAccount(`0x${randomUUID().replaceAll("-", "")}${randomUUID().replaceAll("-", "")}`).address;

/** What an address has of the token on the chain. */
export const tokensOf = ({ client, usdt }: Anvil, address: string): Promise<bigint> =>
  client.readContract({ address: usdt, abi: mockUsdt.abi, functionName: "balanceOf", args: [getAddress(address)] });

/** Payouts on a real node: the server's part, and a signer that logs in as the database's role for signers. */
export async function testPayouts(options: ChainOptions = {}) {
  const usdt = await testChain(options);
  const { anvil, house } = usdt;
  const wallet: SigningWallet = {
    ...{ tenantId: house.tenantId, channel: "usdt-erc20", most: null },
    token: { contract: anvil.usdt, decimals: anvil.decimals },
    signer: evmSigner({
      ...{ rpcUrl: anvil.rpcUrl, chainId: anvil.chainId, contract: anvil.usdt, privateKey: hotKey },
      ...{ feeMax: 50_000_000_000n, tip: 1_000_000_000n },
    }),
  };
  const desk = await payoutDesk(usdt, wallet);
  return {
    ...{ ...usdt, ...desk },
    has: (address: string): Promise<bigint> => tokensOf(anvil, address),
    block: async (address: string): Promise<void> => {
      await anvil.mined(
        await anvil.wallet.writeContract({
          ...{ address: anvil.usdt, abi: mockUsdt.abi, functionName: "addBlackList", args: [getAddress(address)] },
          account: anvil.others,
        }),
      );
    },
    close: async (): Promise<void> => {
      await desk.signerDb.destroy();
      await usdt.close();
    },
  };
}

/** Paying out on a chain, step by step as the test says, with a wallet that signs. */
export async function payoutDesk({ house, chain: whole, deps: chainDeps }: ChainDesk, wallet: SigningWallet) {
  /** A silent node takes what it is sent and answers nothing. */
  const node = { isSilent: false };
  const answered = async <Value>(ask: Promise<ChainAnswer<Value>>): Promise<ChainAnswer<Value>> => {
    const told = await ask;
    return node.isSilent ? { ok: false, refusal: "NO_ANSWER" } : told;
  };
  const { sender, channel } = whole;
  const chain: HouseChain = {
    ...whole,
    sender: {
      ...sender,
      broadcast: async (bytes) => {
        const told = await sender.broadcast(bytes);
        return node.isSilent ? { ok: false, refusal: "NO_ANSWER" } : told;
      },
      statusOf: (txid) => answered(sender.statusOf(txid)),
      canLand: (signed) => answered(sender.canLand(signed)),
    },
  };
  await house.db
    .app("payment_channels")
    .update({ auto_up_to_minor: 10n ** 12n, four_eyes_above_minor: 10n ** 12n, cooling_hours: 0 });
  const deps: PayoutDeps = {
    ...{ transact: chainDeps.transact, announce: house.ports.announce, chains: [chain] },
    availableOf: openAvailable({ latestTradable: house.ports.market.latestTradable }),
  };
  const onError = (error: unknown): never => {
    throw error;
  };
  const [submit, follow] = [submitPayouts(deps, onError), followPayouts(deps, onError)];
  const signerUrl = new URL(house.db.ownerUrl);
  signerUrl.searchParams.set("role", "truewick_signer");
  const signerDb = connectDatabase({
    ...{ url: signerUrl.toString(), applicationName: "test-signer", poolMax: 4, statementTimeoutMs: 30_000 },
  });
  const sign = async (own: Partial<SigningWallet> = {}): Promise<SigningProblem[]> => {
    const problems: SigningProblem[] = [];
    await signPayouts(signerDb, { ...wallet, ...own }, (problem) => problems.push(problem));
    return problems;
  };
  /** As the time that passes would. */
  const due = () =>
    house.db
      .app("chain_payouts")
      .whereIn("state", ["signed", "unknown", "sent"])
      .update({ next_look_at: house.db.app.raw("clock_timestamp()") });
  const row = (id: string) => house.db.app("withdrawals").where({ id }).first();
  return {
    ...{ deps, signerDb, signerUrl: signerUrl.toString(), wallet, node, submit, sign, row },
    target: async ({ trader }: TestAccount, address: string) =>
      addTarget(deps)(trader, { channel, name: "Some One", address }),
    /** A withdrawal of so much to an address, approved by itself, or by as many of these as it takes. */
    approved: async (
      account: TestAccount,
      address: string,
      amount: string,
      reviewers: readonly Actor[] = [],
    ): Promise<string> => {
      const target = await addTarget(deps)(account.trader, { channel, name: "Some One", address });
      if (!target.ok) throw new Error(target.refusal);
      const { accountId } = account;
      const wanted = { requestId: randomUUID(), accountId, targetId: target.value.id, amount };
      const taken = await requestWithdrawal(deps)(account.trader, wanted);
      if (!taken.ok) throw new Error(taken.refusal.code);
      const { id } = taken.value;
      for (const reviewer of reviewers)
        if ((await row(id)).state === "in-review")
          await deps.transact(reviewer, (work) => approveWithdrawal(work, () => {}, reviewer, id));
      const { state } = await row(id);
      if (state !== "approved") throw new Error(`it is ${state}`);
      return id;
    },
    follow: async (): Promise<void> => {
      await due();
      await follow();
    },
    stateOf: async (id: string): Promise<[string, string | undefined]> => {
      const payout = await house.db.app("chain_payouts").where({ withdrawal_id: id }).first();
      return [(await row(id)).state, payout?.state];
    },
    payout: (id: string) => house.db.app("chain_payouts").where({ withdrawal_id: id }).first(),
    send: (id: string, reference: string) =>
      deps.transact(finance, (work) => sendWithdrawal(work, deps, finance, { id, reference })),
    giveBack: (id: string) =>
      deps.transact(finance, (work) => returnWithdrawal(work, deps, finance, { id, note: "not to be paid" })),
    ofHouse: async (kind: string): Promise<bigint> => {
      const { rows } = await house.db.app.raw(
        "SELECT coalesce(sum(b.posted), 0)::bigint AS total FROM balances b JOIN ledger_accounts l ON l.id = b.ledger_account_id WHERE l.kind = ?",
        [kind],
      );
      return rows[0].total;
    },
  };
}

export type TestPayouts = Awaited<ReturnType<typeof testPayouts>>;
