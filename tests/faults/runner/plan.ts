import { type Random, seededRandom } from "../../../server/platform/feeds/random.ts";
import { type FaultName, faultSchedule, type PlannedFault } from "./fault-schedule.ts";

/** One thing a trader will do, at its planned time after the start of the traffic. Everything random about it is in here. */
export interface PlannedAction {
  readonly atMs: number;
  readonly kind: ActionKind;
  readonly instrument: string;
  readonly side: "buy" | "sell";
  readonly lots: number;
  /** Which api is asked first, 0 or 1; a repetition goes to the other one. */
  readonly node: 0 | 1;
  readonly overSocket: boolean;
  /** Its distance from the market in ticks, for orders with a price. */
  readonly distance: number;
  /** Cents paid in (+) or taken out (-); for money of the trader's own, as much as this either way. */
  readonly cents: number;
  /** An outcome that stays unknown is left at that: the client never asks again. */
  readonly givesUp: boolean;
  /** In [0, 1): what becomes of it outside of the house. */
  readonly chance: number;
}

export const actionKinds = [
  "market",
  "close",
  "limit",
  "stop",
  "stop-limit",
  "bracket",
  "cancel",
  "amend",
  "flatten",
  "fund",
  "deposit",
  "transfer",
  "withdraw",
  "chain-deposit",
  "chain-withdraw",
] as const;
export type ActionKind = (typeof actionKinds)[number];

export interface RunOptions {
  readonly seed: number;
  readonly trafficMs: number;
  readonly traders: number;
  /** Mean pause of a trader between two actions. */
  readonly pauseMs: number;
  /** Which faults may be picked; each is taken once before any is taken again. */
  readonly faults: readonly FaultName[];
  /** How long a fault lasts: 1 as the table of faults says, less for a short run. */
  readonly pace: number;
}

/** All of a run that is decided by its seed. */
export interface Plan {
  readonly options: RunOptions;
  readonly actions: readonly (readonly PlannedAction[])[];
  readonly faults: readonly PlannedFault[];
}

export const instruments = ["MES", "MNQ", "MGC"] as const;

/** How often a trader does what, as weights. */
const weights: Readonly<Record<ActionKind, number>> = {
  market: 50,
  close: 10,
  limit: 8,
  stop: 6,
  "stop-limit": 3,
  bracket: 6,
  cancel: 4,
  amend: 4,
  flatten: 1,
  fund: 5,
  deposit: 7,
  transfer: 4,
  withdraw: 7,
  "chain-deposit": 5,
  "chain-withdraw": 5,
};

/** A chain's node and a signer are only there for the faults that need them. */
export const isChained = ({ faults }: Pick<RunOptions, "faults">): boolean =>
  faults.some((one) => /^F2[89]$/.test(one));

export function makePlan(options: RunOptions): Plan {
  const actions = Array.from({ length: options.traders }, (_, trader) => actionsOf(options, trader));
  return { options, actions, faults: faultSchedule(options) };
}

function actionsOf({ seed, trafficMs, pauseMs, faults }: RunOptions, trader: number): PlannedAction[] {
  const random = seededRandom(`${seed} trader ${trader}`);
  const actions: PlannedAction[] = [];
  const kinds = isChained({ faults }) ? actionKinds : actionKinds.filter((kind) => !kind.startsWith("chain-"));
  for (let atMs = random.exponential(pauseMs); atMs < trafficMs; atMs += random.exponential(pauseMs))
    actions.push({
      atMs: Math.round(atMs),
      kind: weighted(random, kinds),
      instrument: instruments[Math.floor(random.uniform() * instruments.length)] ?? "MES",
      side: random.uniform() < 0.5 ? "buy" : "sell",
      lots: 1 + Math.floor(random.uniform() * 3),
      node: random.uniform() < 0.5 ? 0 : 1,
      overSocket: random.uniform() < 0.6,
      distance: 1 + Math.floor(random.uniform() * 12),
      cents: Math.round((random.uniform() - 0.4) * 200_000),
      givesUp: random.uniform() < 0.05,
      chance: random.uniform(),
    });
  return actions;
}

function weighted(random: Random, kinds: readonly ActionKind[]): ActionKind {
  const total = kinds.reduce((sum, kind) => sum + weights[kind], 0);
  let left = random.uniform() * total;
  for (const kind of kinds) {
    left -= weights[kind];
    if (left < 0) return kind;
  }
  return "market";
}
