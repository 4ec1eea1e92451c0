import { setTimeout as sleep } from "node:timers/promises";
import type { Moment } from "../../support/tcp-proxy.ts";
import { afterAccepting, afterSettling, insideSettling } from "./moments.ts";
import type { Fault } from "./nemesis.ts";
import type { Member, World } from "./world.ts";

/** Orders come many times a second, so a moment that does not come in this time does not come at all. */
const momentPatienceMs = 10_000;
const drainLimitMs = 10_000;

/** Runs `act` at the moment on the wire to PostgreSQL; false when it did not come. */
export async function atMoment(member: Member, moment: Moment, act: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    const disarm = member.wires.postgres.trap(moment, () => {
      clearTimeout(late);
      act();
      resolve(true);
    });
    const late = setTimeout(() => {
      disarm();
      resolve(false);
    }, momentPatienceMs);
  });
}

function killAt(memberOf: (world: World, target: 0 | 1) => Member, moment: Moment): Fault {
  return async (world, { target, lastsMs }) => {
    const member = memberOf(world, target);
    await member.process.ready();
    const came = await atMoment(member, moment, member.process.kill);
    if (!came) member.process.kill();
    await sleep(lastsMs);
    await member.process.ready();
    return { notes: came ? [] : ["the moment did not come: killed at another one"], violations: [] };
  };
}

const restartAll: Fault = async (world, { lastsMs }) => {
  const notes: string[] = [];
  const violations: string[] = [];
  const beganMs = world.clock.nowMs();
  for (const { process } of [...world.apis, ...world.workers, world.others]) {
    await process.ready();
    const { code, ms } = await process.restart();
    notes.push(`${process.name} drained in ${Math.round(ms)} ms`);
    if (code !== 0) violations.push(`F6: ${process.name} ended with ${code} when it was told to stop`);
    if (ms > drainLimitMs) violations.push(`F6: ${process.name} took ${Math.round(ms)} ms to drain`);
    await process.ready();
  }
  await sleep(lastsMs);
  const bad = world.journal.entries
    .flatMap(({ attempts }) => attempts)
    .filter(({ sentMs, says }) => sentMs >= beganMs && /^5/.test(says) && !says.startsWith("503"));
  if (bad.length > 0) violations.push(`F6: ${bad.length} answers like ${bad[0]?.says} during a restart in order`);
  return { notes, violations };
};

export const processFaults = {
  F1: killAt(({ workers }, target) => workers[target], insideSettling),
  F2: killAt(({ workers }, target) => workers[target], afterSettling),
  F3: (async (world, { target, lastsMs }) => {
    const { process } = world.workers[target];
    await process.ready();
    process.freeze();
    await sleep(lastsMs);
    process.thaw();
    return { notes: [], violations: [] };
  }) satisfies Fault,
  F4: killAt(({ apis }, target) => apis[target], afterAccepting),
  F5: (async (world, { target, lastsMs }) => {
    const { process } = world.apis[target];
    await process.ready();
    process.kill();
    await sleep(lastsMs);
    await process.ready();
    return { notes: [], violations: [] };
  }) satisfies Fault,
  F6: restartAll,
};
