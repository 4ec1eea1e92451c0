import type { WireBarEvent } from "#contracts/events.ts";
import type { Quote } from "#core/quote.ts";

/**
 * What processes tell each other after a commit, over one Redis channel: feed -> api and worker (prices), worker -> api (what happened to
 * an account), anyone -> everyone (configuration changed). At most once: whoever needs the truth reads the database.
 */
export type Announcement =
  | { readonly kind: "quotes"; readonly quotes: readonly Quote[] }
  | { readonly kind: "bars"; readonly bars: readonly WireBarEvent[] }
  /** The api reads the named rows and sends what became of the account to its room. */
  | { readonly kind: "settled"; readonly accountId: string; readonly orderIds: readonly string[] }
  /** These orders began to wait for their price, were changed, or no longer wait: the trigger engine reads their rows. */
  | { readonly kind: "working"; readonly orderIds: readonly string[] }
  /** Instruments, calendars, limits or access changed: caches of the named resource are reloaded. */
  | { readonly kind: "changed"; readonly resource: string; readonly id: string | null }
  | {
      readonly kind: "session-ended";
      readonly subjectKind: "staff" | "trader";
      readonly subjectId: string;
      readonly code: string;
    };

export interface Bus {
  readonly publish: (announcement: Announcement) => void;
  readonly subscribe: (hear: (announcement: Announcement) => void) => () => void;
  readonly close: () => Promise<void>;
}
