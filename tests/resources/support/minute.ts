import type { Knex } from "knex";

/** Where the bars that a quote of 15:00 UTC on 20 November 2026 is in begin. */
const starts = {
  "1m": "2026-11-20T15:00:00Z",
  "5m": "2026-11-20T15:00:00Z",
  "15m": "2026-11-20T15:00:00Z",
  "30m": "2026-11-20T15:00:00Z",
  "1h": "2026-11-20T15:00:00Z",
  "4h": "2026-11-20T12:00:00Z",
  "1d": "2026-11-20T00:00:00Z",
};

/** One minute of MES: two trades, their bars, and a correction that changed nothing. */
export async function makeMinute(db: Knex): Promise<void> {
  const common = { instrument_id: "MES", source: "replay" };
  await db("quotes").insert(
    [1, 2].map((seq) => ({
      ...{ ...common, seq, bid_ticks: 21_000, ask_ticks: 21_001, last_ticks: 21_000, last_lots: 1 },
      ...{ venue_at: `2026-11-20T15:00:0${seq}Z`, received_at: `2026-11-20T15:00:0${seq}Z` },
    })),
  );
  await db("bars").insert(
    Object.entries(starts).map(([interval, opened_at]) => ({
      ...{ ...common, interval, opened_at, final: true, volume: 2, last_seq: 2 },
      ...{ open_ticks: 21_000, high_ticks: 21_000, low_ticks: 21_000, close_ticks: 21_000 },
    })),
  );
  await db("tick_corrections").insert({
    ...{ instrument_id: "MES", seq: 2, kind: "restore", was_ticks: 21_000, minute_at: starts["1m"] },
    ...{ bars_changed: 0, reason: "a test", corrected_by: "Ann" },
  });
}
