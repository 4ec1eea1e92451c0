import type { TriggerQuote, TriggerTerms } from "#core/trigger.ts";
import { ticks } from "#core/units.ts";

/** A working buy limit at 20,000 that was accepted at quote 10; tests say what differs. */
export const aWaiting = (more: Partial<TriggerTerms> = {}): TriggerTerms => ({
  side: "buy",
  limit: null,
  stop: null,
  stopQuoteSeq: null,
  activeFromSeq: 10n,
  expiresAt: null,
  ...more,
});

export const at = (time: string): Date => new Date(`2024-01-10T${time}Z`);

/** Quote 11, tradable, received at noon. */
export const aTriggerQuote = (bid: bigint, ask: bigint, more: Partial<TriggerQuote> = {}): TriggerQuote => ({
  seq: 11n,
  bid: ticks(bid),
  ask: ticks(ask),
  receivedAt: at("12:00:00"),
  flag: null,
  ...more,
});
