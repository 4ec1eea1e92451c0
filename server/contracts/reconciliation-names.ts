/** The closed lists of reconciliation. No imports. */

/** Where a payment was found: in both with one amount, in both with two, in our books alone, at the channel alone. */
export const foundInNames = ["matched", "differs", "only-ours", "only-theirs"] as const;
export type FoundIn = (typeof foundInNames)[number];

/** A comparison that was asked for; `incomplete`: the channel did not say what it has, so nothing was compared. */
export const runStates = ["asked", "done", "incomplete"] as const;
export type RunState = (typeof runStates)[number];

/**
 * Why a run is incomplete: nobody answered; the settings do not have the channel (any more); more than is read at once; an amount or currency that
 * the house does not count in; it could not be made, as the log says.
 */
export const runProblems = ["NO_ANSWER", "NOT_SET_UP", "TOO_MUCH", "UNREADABLE", "FAILED"] as const;
export type RunProblem = (typeof runProblems)[number];

/** A difference as a piece of work. The last two are ends, until the difference comes back: told by a person, gone by itself. */
export const taskStates = ["open", "claimed", "resolved", "matched"] as const;
export type TaskState = (typeof taskStates)[number];

/** Why a difference needs no more work. `mended`: by the transfers that are named with it. */
export const taskReasons = ["mended", "channel-fee", "house-money", "channel-error", "written-off"] as const;
export type TaskReason = (typeof taskReasons)[number];

/** How long a difference has been there, in business days. */
export const taskAges = ["0-1", "2-3", "4-7", "over-7"] as const;
export type TaskAge = (typeof taskAges)[number];

/** The payment of the task for what a channel has and no payment explains. */
export const balancePayment = "balance";
