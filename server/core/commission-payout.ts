import { assert } from "./result.ts";

/** What an agent has coming from one run, minor units. */
export interface AgentRun {
  /** Sum of the commissions earned, not negative. */
  readonly earned: bigint;
  /** Sum of what was taken back, not negative. */
  readonly clawedBack: bigint;
  /** What earlier runs could not take back: zero or negative. */
  readonly carriedIn: bigint;
}

export interface AgentPayout {
  /** House to agent. */
  readonly earned: bigint;
  /** Agent to house: as much of the clawbacks as this run's earnings cover. */
  readonly takenBack: bigint;
  /** earned - takenBack, never negative. */
  readonly paid: bigint;
  /** Left for the next run: zero or negative. */
  readonly carriedOut: bigint;
}

/**
 * Settles an agent's run. Clawbacks are taken from what the run earns and from nothing else; the rest waits for the next run, so
 * that neither a client's money nor what the agent was paid before is ever touched.
 */
export function settleRun({ earned, clawedBack, carriedIn }: AgentRun): AgentPayout {
  assert(earned >= 0n && clawedBack >= 0n, `a run earned ${earned} and took back ${clawedBack}`);
  assert(carriedIn <= 0n, `a run carries in ${carriedIn}`);
  const owed = clawedBack - carriedIn;
  const takenBack = owed < earned ? owed : earned;
  return { earned, takenBack, paid: earned - takenBack, carriedOut: takenBack - owed };
}
