import { randomUUID } from "node:crypto";
import { collectDebt, type DepositRow } from "../../../server/capabilities/deposits/index.ts";
import { openAvailable } from "../../../server/capabilities/trading/index.ts";
import {
  addTarget,
  rejectWithdrawal,
  requestWithdrawal,
  sendWithdrawal,
  withdrawalTerms,
} from "../../../server/capabilities/withdrawals/index.ts";
import type { TestAccount } from "../../support/trading.ts";
import { person, testDeposits } from "./support.ts";

/** A client with money that came by the gateway, who can be paid to a bank; what he and staff do with it. */
export async function testClient() {
  const cashier = await testDeposits();
  const { house, peer } = cashier;
  const ann = person("Ann");
  const client: { account: TestAccount; target: string } = { account: await house.openAccount(0n), target: "" };
  await house.db.app("payment_channels").insert({
    ...{ channel: "bank", currency: "USD", min_minor: 1_000, auto_up_to_minor: 1_000_000, cooling_hours: 0 },
    ...{ four_eyes_above_minor: 1_000_000, source_first: "off" },
  });
  const deps = {
    ...{ transact: cashier.deps.transact, announce: () => {}, chains: [] },
    availableOf: openAvailable({ latestTradable: house.ports.market.latestTradable }),
  };
  const withdraw = (amount: string, accountId = client.account.accountId) =>
    requestWithdrawal(deps)(client.account.trader, {
      ...{ requestId: randomUUID(), accountId, targetId: client.target, amount },
    });
  const credited = async (amount: string): Promise<DepositRow> => {
    const deposit = await cashier.requested(client.account, amount);
    await cashier.post(peer.notice(peer.pay(deposit.pay_url)));
    await cashier.settle();
    return cashier.row(deposit.id);
  };
  const chargedBack = async (row: DepositRow): Promise<DepositRow> => {
    const payment = { tradeNo: row.payment_no ?? "", orderNo: row.reference ?? "", status: "CHARGEBACK" } as const;
    await cashier.post(peer.notice(peer.pay(row.pay_url ?? "", payment)));
    await cashier.settle();
    return cashier.row(row.id);
  };
  const approved = async (amount: string): Promise<string> => {
    const asked = await withdraw(amount);
    if (!asked.ok) throw new Error(asked.refusal.code);
    return asked.value.id;
  };
  const send = (id: string) => deps.transact(ann, (work) => sendWithdrawal(work, deps, ann, { id, reference: "B-1" }));
  return {
    ...{ cashier, house, client, deps, withdraw, credited, chargedBack, approved, send },
    /** Another client, with nothing. */
    renew: async (): Promise<void> => {
      house.market.quote("MES", "5000.00", "5000.25");
      client.account = await house.openAccount(0n);
      const bank = { channel: "bank", name: "Some One", address: "DE89370400440532013000" } as const;
      const added = await addTarget(deps)(client.account.trader, bank);
      if (!added.ok) throw new Error(added.refusal);
      client.target = added.value.id;
    },
    /** A thousand paid in, some of it paid out at once, the thousand charged back: what was paid out is owed. */
    indebted: async (): Promise<DepositRow> => {
      const row = await credited("1000.00");
      const sent = await send(await approved("600.00"));
      if (!sent.ok) throw new Error(sent.refusal);
      return chargedBack(row);
    },
    reject: (id: string) =>
      deps.transact(ann, (work) => rejectWithdrawal(work, () => {}, ann, { id, note: "owes it" })),
    collect: (id: string, amount?: string, actor = ann) =>
      deps.transact(actor, (work) =>
        collectDebt(work, deps, actor, { id, note: "agreed by phone", ...(amount === undefined ? {} : { amount }) }),
      ),
    terms: async () => {
      const [bank] = (await withdrawalTerms(deps)(client.account.trader, client.account.accountId)) ?? [];
      if (bank === undefined) throw new Error("no terms");
      return bank;
    },
    fund: (amount: bigint): Promise<void> => house.fund(client.account, amount),
    balance: (): Promise<bigint> => cashier.balance(client.account),
  };
}

export type TestClient = Awaited<ReturnType<typeof testClient>>;
