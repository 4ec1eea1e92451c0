import { setTimeout as sleep } from "node:timers/promises";
import type { Moment } from "../../support/tcp-proxy.ts";
import { closeOf, isBeforePaying } from "./closes.ts";
import type { Fault } from "./nemesis.ts";
import { atMoment } from "./process-faults.ts";
import { orderStorm } from "./storm-faults.ts";

/** A step of a close has had its effect and is not committed. */
const insideStep: Moment = { sent: [/UPDATE day_close_steps SET state/], answered: false };
/** It is committed, and nobody in Node knows. */
const afterStep: Moment = { sent: [/UPDATE day_close_steps SET state/, /COMMIT;/], answered: true };

/** Orders sent about the end of a date, one each so often. */
const atTheEnd = { orders: 60, everyMs: 60 };
const turnsMax = 40;

/** The date ends under much more load than before and after; its close goes on under whatever comes next. */
const dateEnds: Fault = async (world, { nth, lastsMs }) => {
  const day = await world.calendar.endDate();
  const answers = await orderStorm(world, `end-${nth}`, atTheEnd);
  await sleep(lastsMs);
  const bad = answers.filter(({ status }) => status >= 500 && status !== 503);
  return {
    notes: [`${day} ended among ${answers.length} orders`],
    violations:
      bad.length === 0 ? [] : [`F24: ${bad.length} orders at the end of ${day} were answered ${bad[0]?.status}`],
  };
};

/** It takes about so long until he is back at it. */
const killMs = 8_000;

/** Whoever closes a date is killed in each step of it, before and after its commit, until the fault's time is over. */
const closeKilled: Fault = async (world, { lastsMs }) => {
  const { others, calendar } = world;
  const day = await calendar.endDate();
  const wanted = Math.max(1, Math.round(lastsMs / killMs));
  const notes: string[] = [];
  let kills = 0;
  for (let turn = 0; kills < wanted && turn < turnsMax; turn++) {
    await others.process.ready();
    const close = await closeOf(world, day);
    if (close.state === "closed" || close.state === "failed") break;
    if (isBeforePaying(close)) await calendar.noon();
    if (await atMoment(others, kills % 2 === 0 ? insideStep : afterStep, others.process.kill)) kills += 1;
  }
  await others.process.ready();
  notes.push(`the close of ${day} was killed ${kills} times; done: ${(await closeOf(world, day)).done.length} steps`);
  return { notes, violations: kills === 0 ? [`F25: the close of ${day} was never seen at a step`] : [] };
};

export const closeFaults = { F24: dateEnds, F25: closeKilled };
