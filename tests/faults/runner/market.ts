import { seededRandom } from "../../../server/platform/feeds/random.ts";
import { instruments } from "./plan.ts";

/** A price row as a venue's file has it: ts_ms, symbol, bid, ask, price, size. */
type Row = readonly [string, string, string, string, string, string];

/** The venue of a run: walks prices by the seed and sends them to the feed, unless the nemesis keeps it silent. */
export interface Market {
  /** Newest price sent, as a decimal, `ticks` away from the bid. */
  readonly price: (instrument: string, ticks: number) => string;
  readonly silence: (silent: boolean) => void;
  /** Many ticks at once. */
  readonly burst: (count: number) => void;
  /** Rows as they are, however wrong. */
  readonly raw: (rows: readonly Row[]) => void;
  readonly now: (instrument: string) => { readonly bid: string; readonly ask: string };
  readonly stop: () => void;
}

const everyMs = 100;
const starts: Readonly<Record<string, { ticks: number; size: number; decimals: number }>> = {
  MES: { ticks: 20_000, size: 0.25, decimals: 2 },
  MNQ: { ticks: 72_000, size: 0.25, decimals: 2 },
  MGC: { ticks: 20_000, size: 0.1, decimals: 1 },
};

export function playMarket(seed: number, send: (line: string) => void): Market {
  const random = seededRandom(`${seed} market`);
  const at = new Map(instruments.map((id) => [id as string, starts[id]?.ticks ?? 0]));
  let silent = false;
  const textOf = (id: string, ticks: number): string => {
    const { size = 1, decimals = 0 } = starts[id] ?? {};
    return (ticks * size).toFixed(decimals);
  };
  const row = (id: string): Row => {
    const bid = at.get(id) ?? 0;
    return [String(Date.now()), id, textOf(id, bid), textOf(id, bid + 1), "", ""];
  };
  const step = (): Row[] => {
    for (const [id, ticks] of at) at.set(id, ticks + Math.round(random.normal() * 1.5));
    return [...at.keys()].map(row);
  };
  const timer = setInterval(() => {
    if (!silent) send(JSON.stringify(step()));
  }, everyMs);
  return {
    price: (id, ticks) => textOf(id, (at.get(id) ?? 0) + ticks),
    silence: (value) => {
      silent = value;
    },
    burst: (count) => {
      for (let sent = 0; sent < count; sent++) send(JSON.stringify(step()));
    },
    raw: (rows) => send(JSON.stringify(rows)),
    now: (id) => ({ bid: textOf(id, at.get(id) ?? 0), ask: textOf(id, (at.get(id) ?? 0) + 1) }),
    stop: () => clearInterval(timer),
  };
}
