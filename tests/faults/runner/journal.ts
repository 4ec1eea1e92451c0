/** What became of a request: it had its effect, it was refused and has none, or nobody knows. */
export type Outcome = "ok" | "refused" | "unknown";

export interface Attempt {
  /** By the run's clock, in ms. */
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly node: number;
  readonly outcome: Outcome;
  /** Status and code of the answer, or why there was none. */
  readonly says: string;
}

/** A request with an id of the client's, and all its repetitions under that id. */
export interface Entry {
  readonly kind: "order" | "funding" | "privileged" | "deposit" | "withdrawal" | "office";
  readonly accountId: string;
  readonly clientId: string;
  readonly what: string;
  /** Cents, for a funding. */
  readonly cents: number;
  /** The client does not ask again after an unknown outcome. */
  readonly givesUp: boolean;
  readonly attempts: Attempt[];
  /** The order's id, once an answer named it. */
  orderId: string | null;
}

/** The clients' own history of a run: what they asked and what they were told. The judge of invariant A. */
export interface Journal {
  readonly entries: readonly Entry[];
  readonly open: (entry: Omit<Entry, "attempts" | "orderId">) => Entry;
}

export function journal(): Journal {
  const entries: Entry[] = [];
  return {
    entries,
    open: (given) => {
      const entry: Entry = { ...given, attempts: [], orderId: null };
      entries.push(entry);
      return entry;
    },
  };
}

/**
 * Ok: an answer said so. Refused: every attempt was refused, so there may be no effect. Unknown: no attempt was confirmed and one at
 * least had no answer, so there may be one effect (a refused repetition does not tell what became of an earlier attempt).
 */
export function outcomeOf(entry: Entry): Outcome {
  if (entry.attempts.some(({ outcome }) => outcome === "ok")) return "ok";
  return entry.attempts.length > 0 && entry.attempts.every(({ outcome }) => outcome === "refused")
    ? "refused"
    : "unknown";
}
