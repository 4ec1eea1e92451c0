/** What two accounts may have in common, and what it is told as. */
export const linkSignals = [
  "payout",
  "device",
  "phone",
  "email",
  "device-network",
  "opposite-trades",
  "copied-trades",
  "ip-close",
  "fingerprint",
  "ip",
  "email-similar",
  "referral",
] as const;
export type LinkSignal = (typeof linkSignals)[number];

/** What people decided about two traders; `confirmed`: one person, so their limits and commissions count as one. */
export const linkStates = ["open", "household", "confirmed", "dismissed"] as const;
export type LinkState = (typeof linkStates)[number];

/** `strong` joins accounts to a group, `review` waits for a person, `weak` stays only because it was decided. */
export const linkEdges = ["strong", "review", "weak"] as const;
export type LinkEdge = (typeof linkEdges)[number];

/** What an address says about who uses it; `unknown`: there is no table of networks, or the address is in none. */
export const networkTypes = ["residential", "mobile", "hosting", "unknown"] as const;
export type NetworkType = (typeof networkTypes)[number];

/** Whose address it is, as far as a table of networks knows. */
export interface Network {
  /** Number of the autonomous system that announces it. */
  readonly asn: number | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly type: NetworkType;
}

/** Number of the consent text that the widget shows before it tells of the browser; another text has another number. */
export const consentVersion = 1;
