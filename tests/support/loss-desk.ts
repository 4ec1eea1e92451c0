import type { LossSetting } from "#contracts/risk-names.ts";
import type { LossRuleCell } from "#core/loss-rule.ts";
import { applyLosses, type LossWatch, lossWatch } from "../../server/capabilities/losses/index.ts";
import { openCancelling, openSettlement, type TriggerEngine } from "../../server/capabilities/trading/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import { aCell } from "../core/loss-builders.ts";
import { memoryBus, silentLog } from "./market.ts";
import { changeRiskLine, putRiskLine } from "./risk-lines.ts";
import { acceptedId, anOrderRequest, type TestAccount } from "./trading.ts";
import { type TriggerDesk, triggerDesk } from "./trigger-desk.ts";

export type ApplyLosses = ReturnType<typeof applyLosses>;

/** A trigger desk whose engine also watches loss limits. MES: 1.25 USD a tick, fee 0.62 USD a lot and side. */
export interface LossDesk extends TriggerDesk {
  /** Starts an engine that leads, with a loss watch of its own. `around`: what is put between the watch and its action. */
  readonly watch: (options?: {
    closes?: () => boolean;
    around?: (apply: ApplyLosses) => ApplyLosses;
  }) => Promise<TriggerEngine>;
  /** An account with 1,000.00 and these rules. */
  readonly ruled: (rules: Readonly<Partial<Record<LossSetting, Partial<LossRuleCell>>>>) => Promise<TestAccount>;
  /** Buys (or sells) lots of MES at 5,000.25 (5,000.00) and settles. */
  readonly trade: (account: TestAccount, lots: bigint, at?: { bid: string; ask: string }) => Promise<void>;
  /** Gives a line of the risk table its next rules and tells of it. */
  readonly tighten: (
    lineId: string,
    rules: Readonly<Partial<Record<LossSetting, Partial<LossRuleCell>>>>,
  ) => Promise<void>;
  readonly breachesOf: (account: TestAccount) => Promise<BreachRow[]>;
  /** The orders by which the house closed its positions. */
  readonly closingsOf: (account: TestAccount) => Promise<{ state: string; filled_lots: bigint; quote_seq: bigint }[]>;
  readonly stopAll: () => Promise<void>;
}

export interface BreachRow {
  readonly id: string;
  readonly slot: string;
  readonly action: string;
  readonly edge_minor: bigint;
  readonly measured_minor: bigint;
  readonly ends_at: Date | null;
}

export async function lossDesk(): Promise<LossDesk> {
  const bus = memoryBus();
  const desk = await triggerDesk(bus);
  const { house } = desk;
  const watches: LossWatch[] = [];
  const losses = (closes: () => boolean): ApplyLosses =>
    applyLosses({
      transact: transactor(house.db.app, (entries) => void house.promised.push(...entries)),
      announce: bus.publish,
      settle: openSettlement({ announce: bus.publish, maxQueueMs: 600_000, shard: 0 }),
      cancelWorking: openCancelling({ announce: bus.publish }).cancelWorking,
      trades: closes,
    });
  return {
    ...desk,
    heard: bus.heard,
    watch: ({ closes = () => true, around = (apply: ApplyLosses) => apply } = {}) => {
      const watch = lossWatch({
        ...{ db: house.db.app, bus, clock: systemClock, log: silentLog, apply: around(losses(closes)) },
        ...{ sweepEveryMs: 50, reloadEveryMs: 300 },
      });
      watches.push(watch);
      return desk.start({ watchers: watch.watchers });
    },
    ruled: async (rules) => {
      const account = await house.openAccount(100_000n);
      const { traderId, tenantId } = account.trader;
      const settings = settingsOf(rules);
      await putRiskLine(house.db.owner, { scope: "trader", tenant_id: tenantId, trader_id: traderId }, settings);
      return account;
    },
    trade: async (account, lots, at = { bid: "5000.00", ask: "5000.25" }) => {
      house.market.quote("MES", at.bid, at.ask, desk.stream.seq());
      const size = lots < 0n ? -lots : lots;
      const order = anOrderRequest(account, { side: lots < 0n ? "sell" : "buy", lots: size.toString() });
      await house.settler()([acceptedId(await house.desk.place(account.trader, order))]);
      bus.publish({ kind: "settled", accountId: account.accountId, orderIds: [] });
    },
    tighten: async (lineId, rules) => {
      await changeRiskLine(house.db.owner, lineId, settingsOf(rules));
      bus.publish({ kind: "changed", resource: "risk-limits", id: lineId });
    },
    breachesOf: ({ accountId }) =>
      house.db
        .owner("loss_breaches")
        .where({ account_id: accountId })
        .orderBy("recorded_at")
        .select("id", "slot", "action", "edge_minor", "measured_minor", "ends_at"),
    closingsOf: ({ accountId }) =>
      house.db
        .owner("orders")
        .where({ account_id: accountId, origin: "risk" })
        .select("state", "filled_lots", "quote_seq"),
    stopAll: async () => {
      await desk.stopEngines();
      await Promise.all(watches.splice(0).map((watch) => watch.stop()));
    },
  };
}

const settingsOf = (rules: Readonly<Partial<Record<LossSetting, Partial<LossRuleCell>>>>) =>
  Object.fromEntries(Object.entries(rules).map(([name, cell]) => [name, aCell(cell)]));
