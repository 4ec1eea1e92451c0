import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./nemesis.ts";
import { sendTokens } from "./pay-chain.ts";

/** The chain takes what it is given, payouts too, and nobody hears its answers: unknown, the same bytes again, paid once. */
const nodeMute: Fault = async ({ outside }, { lastsMs }) => {
  if (outside.chain === null) return { notes: ["there is no chain"], violations: [] };
  const { wire } = outside.chain;
  const before = wire.swallowed();
  wire.behaviour.is = "mute";
  await sleep(lastsMs);
  wire.behaviour.is = "up";
  return { notes: [`${wire.swallowed() - before} answers were not heard`], violations: [] };
};

/** Who pays in just before, so that there is something to take back, and how much, in millionths. */
const payers = 2;
const tokens = 25_000_000n;

/** Three blocks, each there for so long that it is looked at, are taken back; of what was sent in them one never comes again. */
const takenBack: Fault = async ({ outside, people }, { lastsMs }) => {
  const { chain, facts } = outside;
  if (chain === null) return { notes: ["there is no chain"], violations: [] };
  const { again, dropped } = await chain.reorganise(lastsMs / 3, async () => {
    for (const { tether } of people.traders.slice(0, payers))
      if (tether !== null) await sendTokens(outside, tether, tokens);
  });
  const at = facts.findIndex(({ number }) => number === `${dropped?.txid}:0`);
  if (at >= 0) facts.splice(at, 1);
  return { notes: [`${again} transfers came again, ${dropped === null ? "none" : "one"} did not`], violations: [] };
};

export const chainFaults = { F28: nodeMute, F29: takenBack };
