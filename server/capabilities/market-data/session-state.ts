import type { Instrument } from "#core/instrument.ts";
import type { Quote } from "#core/quote.ts";
import { isOpen, type SessionState, sessionState } from "#core/session-calendar.ts";

const roundTheClock: SessionState = { open: true, nextOpenAt: null, nextCloseAt: null };

/**
 * Whether the instrument trades. The simulated venue always does; a replay goes by the file's venue time, so by its last
 * quote; a real venue, or none yet, by the clock.
 */
export function sessionStateOf(instrument: Instrument, quote: Quote | undefined, now: Date): SessionState {
  if (quote?.source === "simulated") return roundTheClock;
  return sessionState(instrument.calendar, quote?.source === "replay" ? quote.venueAt : now);
}

/** Whether the instrument traded when this quote was received: an answer that does not depend on when it is asked. */
export function wasOpenAt({ calendar }: Instrument, quote: Quote): boolean {
  if (quote.source === "simulated") return true;
  return isOpen(calendar, quote.source === "replay" ? quote.venueAt : quote.receivedAt);
}
