import type { Book } from "#contracts/names.ts";
import { assert } from "#core/result.ts";
import { lots } from "#core/units.ts";
import type { WhatIf } from "#core/what-if.ts";
import type { PlayedEvent } from "#core/what-if-events.ts";
import type { SnapshotReader } from "../../platform/db/copy-out.ts";
import {
  atSql,
  type Cast,
  type EventRow,
  ends,
  type FillRow,
  fills,
  instrumentOf,
  intentOf,
  type OrderRow,
  orderColumnsSql,
  orders,
  refusals,
  type Source,
} from "./recorded-events.store.ts";

export interface Period {
  readonly book: Book;
  readonly from: Date;
  readonly to: Date;
}

const heldSql = `SELECT DISTINCT ON (f.account_id, f.instrument_id) f.account_id, f.instrument_id, f.terms_version, f.position_lots_after AS lots,
    ${atSql("f.filled_at")}
  FROM fills f WHERE f.book = $1 AND f.filled_at < $2 ORDER BY f.account_id, f.instrument_id, f.id DESC`;

const openSql = `SELECT 0::float8 AS at, ${orderColumnsSql} FROM orders o WHERE o.book = $1 AND o.accepted_at < $2
    AND (o.done_at IS NULL OR o.done_at >= $2) AND o.origin = 'trader'`;

/** Plays a period: what was held and open before it, then its events as they are read, so that memory holds accounts and not orders. */
export async function playPeriod(
  reader: SnapshotReader,
  { book, from, to }: Period,
  {
    whatIf,
    cast,
    tell,
  }: { readonly whatIf: WhatIf; readonly cast: Cast; readonly tell: (at: number) => Promise<void> },
): Promise<void> {
  for (const row of await reader.rows<FillRow>(heldSql, [book, from]))
    if (row.lots !== 0n)
      whatIf.holds(cast.whose(row.account_id), instrumentOf(cast, row), lots(row.lots), Math.floor(row.at));
  for (const row of await reader.rows<OrderRow>(openSql, [book, from]))
    whatIf.opens(cast.whose(row.account_id), instrumentOf(cast, row), row.order_id, intentOf(row));
  await readRecorded(reader, { book, from, to }, cast, async (events) => {
    for (const event of events) whatIf.play(event);
    const last = events.at(-1);
    if (last !== undefined) await tell(last.at);
  });
}

/** Events handed on at once. */
const pieceMax = 5_000;

/** What was recorded in a period in the order of its times, piece by piece; of one time decisions come before fills before ends. */
export async function readRecorded(
  reader: SnapshotReader,
  period: Period,
  cast: Cast,
  take: (events: readonly PlayedEvent[]) => Promise<void>,
): Promise<void> {
  const streams = [
    await openStream(reader, refusals, period, cast),
    await openStream(reader, orders, period, cast),
    await openStream(reader, fills, period, cast),
    await openStream(reader, ends, period, cast),
  ];
  let piece: PlayedEvent[] = [];
  for (;;) {
    const next = earliest(streams);
    if (next === null) break;
    piece.push(next.take());
    if (next.isDry) await next.refill();
    if (piece.length < pieceMax) continue;
    await take(piece);
    piece = [];
  }
  await take(piece);
}

/** One kind of event being read. */
interface Stream {
  /** Of its next event; null: there is none any more. */
  at: number | null;
  /** What was fetched is used up. */
  isDry: boolean;
  readonly take: () => PlayedEvent;
  readonly refill: () => Promise<void>;
}

/** The first stream of those whose next event is earliest; null: all are at their end. */
function earliest(streams: readonly Stream[]): Stream | null {
  let first: Stream | null = null;
  for (const stream of streams)
    if (stream.at !== null && (first === null || first.at === null || stream.at < first.at)) first = stream;
  return first;
}

const fetchRows = 2_000;

async function openStream<Row extends EventRow>(
  reader: SnapshotReader,
  { name, sql, toEvent }: Source<Row>,
  { book, from, to }: Period,
  cast: Cast,
): Promise<Stream> {
  await reader.rows(`DECLARE played_${name} NO SCROLL CURSOR FOR ${sql}`, [book, from, to]);
  let rows: readonly Row[] = [];
  let place = 0;
  const stream: Stream = {
    at: null,
    isDry: true,
    take: () => {
      const row = rows[place];
      assert(row !== undefined, `the stream of ${name} is dry`);
      place += 1;
      const next = rows[place];
      stream.isDry = next === undefined;
      stream.at = next?.at ?? null;
      return toEvent(row, cast);
    },
    refill: async () => {
      rows = await reader.rows<Row>(`FETCH ${fetchRows} FROM played_${name}`);
      place = 0;
      stream.at = rows[0]?.at ?? null;
      stream.isDry = false;
    },
  };
  await stream.refill();
  return stream;
}
