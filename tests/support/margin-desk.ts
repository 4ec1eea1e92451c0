import { applyLadder, type MarginWatch, marginWatch } from "../../server/capabilities/margin/index.ts";
import { openCancelling, openSettlement, type TriggerEngine } from "../../server/capabilities/trading/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import { memoryBus, silentLog } from "./market.ts";
import { acceptedId, anOrderRequest, type TestAccount } from "./trading.ts";
import { type TriggerDesk, triggerDesk } from "./trigger-desk.ts";

/** A trigger desk whose engine also watches margins. MES: 1.25 USD a tick, margin 100.00 and fee 0.62 USD a lot. */
export interface MarginDesk extends TriggerDesk {
  /** Starts an engine that leads, with a margin watch of its own. */
  readonly watch: (options?: { halted?: () => boolean }) => Promise<TriggerEngine>;
  readonly apply: ReturnType<typeof applyLadder>;
  /** An account with so much money (minor units) that has bought (or sold) lots of MES at 5,000.25 (5,000.00). */
  readonly holding: (money: bigint, lots: bigint) => Promise<TestAccount>;
  readonly stageOf: (account: TestAccount) => Promise<string>;
  /** The orders by which the house closed its positions. */
  readonly stopOutsOf: (account: TestAccount) => Promise<StopOutRow[]>;
  readonly eventsOfAccount: (account: TestAccount) => Promise<MarginEventRow[]>;
  readonly stopAll: () => Promise<void>;
}

export interface StopOutRow {
  readonly state: string;
  readonly filled_lots: bigint;
  readonly average_fill_ticks: string | null;
  readonly quote_seq: bigint;
}

export interface MarginEventRow {
  readonly kind: string;
  readonly stage_before: string;
  readonly stage_after: string;
  readonly instrument_id: string | null;
  readonly lots: bigint | null;
  readonly order_id: string | null;
  readonly amount_minor: bigint | null;
}

export async function marginDesk(): Promise<MarginDesk> {
  const bus = memoryBus();
  const desk = await triggerDesk(bus);
  const { house } = desk;
  const watches: MarginWatch[] = [];
  const ladder = (halted: () => boolean) =>
    applyLadder({
      transact: transactor(house.db.app, (entries) => void house.promised.push(...entries)),
      announce: bus.publish,
      settle: openSettlement({ announce: bus.publish, maxQueueMs: 600_000, shard: 0 }),
      cancelWorking: openCancelling({ announce: bus.publish }).cancelWorking,
      trades: () => !halted(),
    });
  const eventColumns = ["kind", "stage_before", "stage_after", "instrument_id", "lots", "order_id", "amount_minor"];
  return {
    ...desk,
    heard: bus.heard,
    apply: ladder(() => false),
    watch: ({ halted = () => false } = {}) => {
      const watch = marginWatch({
        ...{ db: house.db.app, bus, clock: systemClock, log: silentLog, apply: ladder(halted) },
        ...{ sweepEveryMs: 100, reloadEveryMs: 300 },
      });
      watches.push(watch);
      return desk.start({ watchers: watch.watchers });
    },
    holding: async (money, lots) => {
      const account = await house.openAccount(money);
      house.market.quote("MES", "5000.00", "5000.25", desk.stream.seq());
      const size = lots < 0n ? -lots : lots;
      const side = lots < 0n ? "sell" : "buy";
      const answer = await house.desk.place(account.trader, anOrderRequest(account, { side, lots: size.toString() }));
      await house.settler()([acceptedId(answer)]);
      return account;
    },
    stageOf: async ({ accountId }) => {
      const row = await house.db.owner("accounts").where({ id: accountId }).first("margin_stage");
      return row.margin_stage;
    },
    stopOutsOf: ({ accountId }) =>
      house.db
        .owner("orders")
        .where({ account_id: accountId, origin: "stop-out" })
        .select("state", "filled_lots", "average_fill_ticks", "quote_seq"),
    eventsOfAccount: ({ accountId }) =>
      house.db.owner("margin_events").where({ account_id: accountId }).orderBy("id").select(eventColumns),
    stopAll: async () => {
      await desk.stopEngines();
      await Promise.all(watches.splice(0).map((watch) => watch.stop()));
    },
  };
}
