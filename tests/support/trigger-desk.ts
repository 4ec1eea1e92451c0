import type { TriggerEngine, TriggerPorts } from "../../server/capabilities/trading/index.ts";
import type { Announcement, Bus } from "../../server/platform/realtime/announcement.ts";
import { memoryBus } from "./market.ts";
import { type TestAccount, type TestDesk, testDesk } from "./trading.ts";
import { type GivenOrder, leads, storeWorking, type TestStream, testEngine, testStream } from "./triggers.ts";

/** A house with one account of ample money, the stream of MES, and engines that end with the test. */
export interface TriggerDesk {
  readonly house: TestDesk;
  readonly account: TestAccount;
  /** What was announced, unless the bus was given. */
  readonly heard: readonly Announcement[];
  readonly publish: (announcement: Announcement) => void;
  readonly stream: TestStream;
  /** Starts an engine and waits until it leads. */
  readonly start: (more?: Partial<TriggerPorts<string>>) => Promise<TriggerEngine>;
  /** Starts one that may have to stand by. */
  readonly standBy: (more?: Partial<TriggerPorts<string>>) => TriggerEngine;
  readonly stopEngines: () => Promise<void>;
  /** Stores working orders, accepted at the newest quote unless said otherwise; tells nobody. */
  readonly place: (...orders: readonly Partial<GivenOrder>[]) => Promise<string[]>;
  readonly tell: (orderIds: readonly string[]) => void;
  readonly eventsOf: (ids: readonly string[]) => Promise<{ order_id: string; kind: string; said: unknown }[]>;
}

export async function triggerDesk(given?: Bus): Promise<TriggerDesk> {
  const house = await testDesk();
  const memory = memoryBus();
  const bus = given ?? memory;
  const stream = testStream(house, bus);
  const account = await house.openAccount(100_000_000_000n);
  let engines: TriggerEngine[] = [];
  const standBy = (more: Partial<TriggerPorts<string>> = {}): TriggerEngine => {
    const engine = testEngine(house, bus, more);
    engines.push(engine);
    return engine;
  };
  return {
    ...{ house, account, heard: memory.heard, stream, standBy },
    start: async (more) => {
      const engine = standBy(more);
      await leads(engine);
      return engine;
    },
    stopEngines: async () => {
      await Promise.all(engines.map((engine) => engine.stop()));
      engines = [];
    },
    place: (...orders) =>
      storeWorking(
        house,
        account,
        orders.map((order) => ({ activeFromSeq: stream.seq(), ...order })),
      ),
    publish: bus.publish,
    tell: (orderIds) => bus.publish({ kind: "working", orderIds }),
    eventsOf: (ids) =>
      house.db.owner("order_events").whereIn("order_id", ids).orderBy("id").select("order_id", "kind", "said"),
  };
}
