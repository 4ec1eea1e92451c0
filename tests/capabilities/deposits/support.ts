import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestHandler } from "express";
import { pino } from "pino";
import type { DepositChannel } from "#core/deposit-channel.ts";
import {
  type DepositDeps,
  type DepositRow,
  decideDeposit,
  requestDeposit,
  settleDeposits,
  type WantedDecision,
  type WantedDeposit,
} from "../../../server/capabilities/deposits/index.ts";
import { type Actor, systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { createApp } from "../../../server/platform/http/app.ts";
import { paymentRoutes } from "../../../server/platform/http/payment-routes.ts";
import { createMetrics } from "../../../server/platform/metrics.ts";
import { gateway } from "../../../server/platform/payments/gateway.ts";
import { openNotices } from "../../../server/roles/payments.ts";
import { merchant, type PaymentGateway, paymentGateway } from "../../support/payment-gateway.ts";
import { type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

export const person = (name: string): Actor => ({
  ...{ ...systemActor, kind: "staff", id: randomUUID(), name, role: "finance" },
});

const log = pino({ level: "silent" });
const pass: RequestHandler = (_request, _response, next) => next();

/** Deposits over a database of its own, or that of a desk, with the server's address for notices and a real gateway on loopback. */
export async function testDeposits({
  of,
  canAsk = true,
  hasStatement = false,
  more = () => [],
}: {
  readonly of?: TestDesk;
  readonly canAsk?: boolean;
  readonly hasStatement?: boolean;
  /** Channels besides the gateway. */
  readonly more?: (tenantId: number) => readonly DepositChannel[];
} = {}) {
  const house: TestDesk = of ?? (await testDesk());
  const time = { aheadMs: 0 };
  const now = (): number => Date.now() + time.aheadMs;
  const peer: PaymentGateway = await paymentGateway(now);
  await house.db.app("payment_channels").insert({
    ...{ channel: "gateway", currency: "USD", deposits_enabled: true, deposit_min_minor: 1_000 },
    ...{ deposit_max_minor: 5_000_000, deposit_fee_fixed_minor: 50, deposit_four_eyes_above_minor: 100_000 },
  });
  const ours = gateway({
    ...{ ...merchant, tenantId: house.tenantId, payUrl: peer.payUrl, queryUrl: canAsk ? peer.queryUrl : null },
    settleUrl: hasStatement ? peer.settleUrl : null,
    ...{ notifyUrl: "http://localhost/notice", returnUrl: "http://localhost/", now },
  });
  const deps: DepositDeps = {
    ...{
      transact: transactor(house.db.app),
      announce: house.ports.announce,
      channels: [ours, ...more(house.tenantId)],
    },
    clock: { now: () => new Date(now()) },
  };
  const router = paymentRoutes({ limit: pass, notice: openNotices(deps, log) });
  const app = createApp({
    ...{ log, metrics: createMetrics(), allowedOrigin: () => false, trustProxyHops: 0, routers: [] },
    uploads: [{ path: "/api/payments", router }],
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/payments`;
  const settle = settleDeposits(deps, (error) => {
    throw error;
  });
  const request = (account: TestAccount, amount: string, more: Partial<WantedDeposit> = {}) =>
    requestDeposit(deps)(account.trader, {
      ...{ requestId: randomUUID(), accountId: account.accountId, channel: "gateway", amount, ...more },
    });
  return {
    ...{ house, peer, ours, deps, time, request, settle },
    requested: async (
      account: TestAccount,
      amount: string,
      more: Partial<WantedDeposit> = {},
    ): Promise<DepositRow & { pay_url: string }> => {
      const answer = await request(account, amount, more);
      if (!answer.ok) throw new Error(answer.refusal.code);
      if (answer.value.pay_url === null) throw new Error("no address to pay at");
      return { ...answer.value, pay_url: answer.value.pay_url };
    },
    /** The gateway posts to our address; what it is answered. */
    post: async (
      body: string,
      headers: Readonly<Record<string, string>> = { "content-type": "application/x-www-form-urlencoded" },
      channel = "gateway",
    ): Promise<{ status: number; text: string }> => {
      const response = await fetch(`${address}/${channel}/${house.tenantId}/notice`, { method: "POST", body, headers });
      return { status: response.status, text: await response.text() };
    },
    /** Makes a deposit due to be asked about, as the time that passes would. */
    due: async (id: string): Promise<void> => {
      await house.db
        .app("deposits")
        .where({ id })
        .update({ next_poll_at: house.db.app.raw("clock_timestamp()") });
    },
    decide: (actor: Actor, wanted: Omit<WantedDecision, "note">) =>
      deps.transact(actor, (work) => decideDeposit(work, deps.announce, actor, { ...wanted, note: "looked at it" })),
    row: (id: string): Promise<DepositRow> => house.db.app("deposits").where({ id }).first(),
    events: (id: string) => house.db.app("payment_events").where({ deposit_id: id }).orderBy("id"),
    balance: async ({ accountId }: TestAccount): Promise<bigint> => {
      const { rows } = await house.db.app.raw(
        "SELECT b.posted FROM balances b JOIN accounts a ON a.ledger_account_id = b.ledger_account_id WHERE a.id = ?",
        [accountId],
      );
      return rows[0].posted;
    },
    ofHouse: async (kind: string): Promise<bigint> => {
      const { rows } = await house.db.app.raw(
        "SELECT coalesce(sum(b.posted), 0)::bigint AS total FROM balances b JOIN ledger_accounts l ON l.id = b.ledger_account_id WHERE l.kind = ?",
        [kind],
      );
      return rows[0].total;
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await peer.close();
      if (of === undefined) await house.close();
    },
  };
}

export type TestDeposits = Awaited<ReturnType<typeof testDeposits>>;
