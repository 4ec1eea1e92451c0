import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./nemesis.ts";

const burstTicks = 1_000;

const silence: Fault = async ({ market }, { lastsMs }) => {
  market.silence(true);
  await sleep(lastsMs);
  market.burst(burstTicks);
  market.silence(false);
  return { notes: [], violations: [] };
};

/** Each of these would price orders wrongly if it were believed. */
const nonsense: Fault = async ({ market }, { lastsMs }) => {
  for (const id of ["MES", "MNQ", "MGC"]) {
    const { bid, ask } = market.now(id);
    const now = String(Date.now());
    const spiked = (price: string): string => Math.round(Number(price) * 1.5).toFixed(2);
    market.raw([
      [now, id, spiked(bid), spiked(ask), "", ""],
      [now, id, "0", "0", "", ""],
      [now, id, `-${bid}`, `-${ask}`, "", ""],
      [now, id, "NaN", "NaN", "", ""],
      [String(Date.now() - 60_000), id, bid, ask, "", ""],
      [now, id, ask, bid, "", ""],
    ]);
  }
  await sleep(lastsMs);
  return { notes: [], violations: [] };
};

export const feedFaults = { F21: silence, F22: nonsense };
