import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "@jest/globals";
import type { Quote } from "#core/quote.ts";
import { ticks } from "#core/units.ts";
import type { Announcement } from "../../server/platform/realtime/announcement.ts";
import { decodeAnnouncements } from "../../server/platform/realtime/announcement-codec.ts";
import { type RedisBus, redisBus } from "../../server/platform/realtime/bus.ts";

const url = process.env.REDIS_URL ?? "";
const log = { warn: () => {}, error: () => {} };
const opened: RedisBus[] = [];
afterAll(async () => {
  await Promise.all(opened.map((bus) => bus.close()));
});

async function openBus(channel: string): Promise<RedisBus> {
  const bus = redisBus({ url, log, channel });
  opened.push(bus);
  await bus.ready;
  return bus;
}

/** Resolves with the first `count` announcements heard. */
const heard = (bus: RedisBus, count: number): Promise<Announcement[]> =>
  new Promise((resolve) => {
    const all: Announcement[] = [];
    bus.subscribe((announcement) => {
      all.push(announcement);
      if (all.length === count) resolve(all);
    });
  });

const quote: Quote = {
  instrumentId: "MES",
  seq: 9_007_199_254_740_993n,
  bid: ticks(21_001n),
  ask: ticks(21_002n),
  last: null,
  lastSize: "0.00000001",
  venueAt: new Date("2024-01-02T03:04:05.678Z"),
  receivedAt: new Date("2024-01-02T03:04:05.700Z"),
  source: "replay",
  flag: "crossed",
};

test("bigints beyond 2^53 and dates survive the trip to another process's bus, in order", async () => {
  const channel = randomUUID();
  const [sender, receiver] = [await openBus(channel), await openBus(channel)];
  const arrived = heard(receiver, 4);
  const sent: Announcement[] = [
    { kind: "quotes", quotes: [quote, { ...quote, seq: quote.seq + 1n, last: ticks(-3n), flag: null }] },
    { kind: "changed", resource: "instruments", id: "MES" },
    { kind: "settled", accountId: randomUUID(), orderIds: [randomUUID()] },
    { kind: "working", orderIds: [randomUUID(), randomUUID()] },
  ];
  for (const announcement of sent) sender.publish(announcement);
  expect(await arrived).toEqual(sent);
});

test("a hearer that throws does not silence the others, and one that left hears nothing", async () => {
  const bus = await openBus(randomUUID());
  bus.subscribe(() => {
    throw new Error("broken hearer");
  });
  const gone: Announcement[] = [];
  const leave = bus.subscribe((announcement) => gone.push(announcement));
  leave();
  const arrived = heard(bus, 1);
  bus.publish({ kind: "changed", resource: "instruments", id: null });
  expect(await arrived).toEqual([{ kind: "changed", resource: "instruments", id: null }]);
  expect(gone).toEqual([]);
});

test("a message that is no list of announcements is refused", () => {
  expect(() => decodeAnnouncements('{"kind":"quotes"}')).toThrow("not a list");
});
