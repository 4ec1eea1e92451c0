import type { QuoteFlag, QuoteSource } from "#contracts/names.ts";
import type { Quote } from "#core/quote.ts";
import { ticks } from "#core/units.ts";
import type { Announcement } from "./announcement.ts";

/**
 * Announcements as text for the channel: several in one message. Only quotes carry bigint and Date; they travel as
 * tuples, ticks and seq as decimal text, times as epoch ms.
 */
type QuoteTuple = [
  instrumentId: string,
  seq: string,
  bid: string,
  ask: string,
  last: string | null,
  lastSize: string | null,
  venueAtMs: number,
  receivedAtMs: number,
  source: QuoteSource,
  flag: QuoteFlag | null,
];

type Packed = Exclude<Announcement, { kind: "quotes" }> | { kind: "quotes"; quotes: QuoteTuple[] };

export const encodeAnnouncements = (announcements: readonly Announcement[]): string =>
  JSON.stringify(announcements.map(pack));

/** Throws when the text is not what encodeAnnouncements wrote. */
export function decodeAnnouncements(text: string): Announcement[] {
  const packed: unknown = JSON.parse(text);
  if (!Array.isArray(packed)) throw new Error("a message on the announcement channel is not a list");
  return (packed as Packed[]).map(unpack);
}

const pack = (announcement: Announcement): Packed =>
  announcement.kind === "quotes" ? { kind: "quotes", quotes: announcement.quotes.map(packQuote) } : announcement;

const unpack = (packed: Packed): Announcement =>
  packed.kind === "quotes" ? { kind: "quotes", quotes: packed.quotes.map(unpackQuote) } : packed;

const packQuote = (quote: Quote): QuoteTuple => [
  quote.instrumentId,
  quote.seq.toString(),
  quote.bid.toString(),
  quote.ask.toString(),
  quote.last === null ? null : quote.last.toString(),
  quote.lastSize,
  quote.venueAt.getTime(),
  quote.receivedAt.getTime(),
  quote.source,
  quote.flag,
];

const unpackQuote = ([
  id,
  seq,
  bid,
  ask,
  last,
  lastSize,
  venueAtMs,
  receivedAtMs,
  source,
  flag,
]: QuoteTuple): Quote => ({
  instrumentId: id,
  seq: BigInt(seq),
  bid: ticks(BigInt(bid)),
  ask: ticks(BigInt(ask)),
  last: last === null ? null : ticks(BigInt(last)),
  lastSize,
  venueAt: new Date(venueAtMs),
  receivedAt: new Date(receivedAtMs),
  source,
  flag,
});
