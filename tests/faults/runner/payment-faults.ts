import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../../../server/platform/feeds/random.ts";
import type { Journey } from "../../support/notice-courier.ts";
import type { Fault } from "./nemesis.ts";
import { changedByte, replayed } from "./pay-in.ts";

const hourSeconds = 3_600;
const paymentsMax = 12;
const copies = 5;

/** What the gateway has told, and what it has not told yet, comes again and again and in any order, with what somebody else made of it. */
const noticeStorm: Fault = async ({ outside }, { nth, lastsMs }) => {
  const { gateway, courier } = outside;
  const random = seededRandom(`storm of notices ${nth}`);
  const journey = (body: string, isTrue: boolean): Journey => ({
    ...{ body, isTrue, to: Math.floor(random.uniform() * 2), afterMs: random.uniform() * lastsMs },
  });
  const lastHour = String(Math.floor(Date.now() / 1_000) - hourSeconds);
  const payments = gateway.payments.slice(-paymentsMax);
  const journeys = payments.flatMap((payment) => {
    const notice = gateway.notice(payment);
    return [
      ...Array.from({ length: copies }, () => journey(notice, true)),
      journey(gateway.notice(payment, { timestamp: lastHour }), true),
      journey(changedByte(notice, random), false),
      journey(replayed(gateway, payment), false),
    ];
  });
  const before = courier.counts();
  courier.send(journeys);
  await sleep(lastsMs);
  const { taken, refused } = courier.counts();
  const told = `${journeys.length} notices of ${payments.length} payments; ${taken - before.taken} taken, ${refused - before.refused} refused meanwhile`;
  return { notes: [told], violations: [] };
};

const moods = ["hangs-up", "says-500", "forges"] as const;

/** In turn, each for a third of the time. What is asked meanwhile stays unknown; nothing is begun twice. */
const providerDown: Fault = async ({ outside }, { lastsMs }) => {
  const { gateway } = outside;
  const before = gateway.asked.length;
  for (const mood of moods) {
    gateway.behaviour.is = mood;
    await sleep(lastsMs / moods.length);
  }
  gateway.behaviour.is = "up";
  return { notes: [`it was asked ${gateway.asked.length - before} times meanwhile`], violations: [] };
};

export const paymentFaults = { F27: noticeStorm, P1: providerDown };
