import type { LinkSignal } from "#contracts/link-names.ts";

/** Number of this table: kept with every score, so that one can say by which weights a pair was judged. */
export const weightsVersion = 1;

/** Links from this score on join accounts to one group. */
export const strongFrom = 0.8;
/** Links from this score on are shown to a person; below they are forgotten. */
export const reviewFrom = 0.5;
/** The most that signals come to which many strangers share too: a phone's model, a network, a name. */
export const circumstantialMost = 0.79;
/** A value that more accounts share says nothing about any two of them. */
export const sharersMost = 20;
/** A value that was seen with an account on one day only: somebody may have lent his phone. */
export const seenOnce = 0.7;

export interface SignalRule {
  /** What it says at most: the chance that two accounts who alone share it, often and of late, are one person's. */
  readonly weight: number;
  /** After so many days without it, it says half. Null: it does not grow old. */
  readonly halfLifeDays: number | null;
  /** It names a person or his own device; the others only describe one. */
  readonly identifies: boolean;
}

/** Source of the weights: practice of vendors of such systems, as the decision record 0021 tells. */
export const signalRules: Readonly<Record<LinkSignal, SignalRule>> = {
  payout: { weight: 0.95, halfLifeDays: null, identifies: true },
  device: { weight: 0.9, halfLifeDays: 180, identifies: true },
  phone: { weight: 0.9, halfLifeDays: null, identifies: true },
  email: { weight: 0.7, halfLifeDays: null, identifies: true },
  "opposite-trades": { weight: 0.6, halfLifeDays: 180, identifies: true },
  "copied-trades": { weight: 0.5, halfLifeDays: 180, identifies: true },
  "device-network": { weight: 0.6, halfLifeDays: 180, identifies: false },
  fingerprint: { weight: 0.3, halfLifeDays: 180, identifies: false },
  "ip-close": { weight: 0.4, halfLifeDays: 180, identifies: false },
  ip: { weight: 0.15, halfLifeDays: 180, identifies: false },
  "email-similar": { weight: 0.2, halfLifeDays: null, identifies: false },
  referral: { weight: 0.2, halfLifeDays: null, identifies: false },
};

/** Of two that tell the same thing only the one that says more is counted. */
export const sameThing: readonly (readonly [LinkSignal, LinkSignal])[] = [
  ["fingerprint", "device-network"],
  ["ip", "ip-close"],
  ["email-similar", "email"],
];

/** Same fingerprint of browsers that all look alike (Safari on iOS). */
export const lookalikeFactor = 0.3;
/** Same address of a network that many strangers share: mobile, hosting, or of a kind that nobody has told us. */
export const sharedNetworkFactor = 0.1;
