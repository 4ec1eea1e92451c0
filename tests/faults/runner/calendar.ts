import { setTimeout as sleep } from "node:timers/promises";
import type { Knex } from "knex";
import { bookClock } from "../../support/book-clock.ts";
import { instruments } from "./plan.ts";

/** The clock that dates transfers, which a run moves: a night of faults has no time to wait for five o'clock in Chicago. */
export interface Calendar {
  /** Lets the running book date end in two seconds, with its settlement prices as the marking job leaves them; the date that ends. */
  readonly endDate: () => Promise<string>;
  /** Lets it be noon of the next book date, when the payouts of the one that has ended last are due. */
  readonly noon: () => Promise<void>;
  /** Dates that have ended in this run. */
  readonly ended: readonly string[];
}

const patience = { rounds: 20, restMs: 250 };

/**
 * A run begins at noon of a Monday some months ahead: the moved clock must not meet the real one. `owner`: of the database, over a connection
 * that comes back when its server does.
 */
export async function openCalendar(owner: Knex): Promise<Calendar> {
  const clock = await bookClock({ owner });
  const ended: string[] = [];
  const { rows } = await owner.raw("SELECT date_trunc('week', now() + interval '14 weeks')::date::text AS monday");
  await clock.set(`${rows[0].monday} 12:00`);
  return {
    ended,
    endDate: () =>
      surely(async () => {
        const day = await clock.today();
        await markPrices(owner, day);
        await clock.set(`${day} 16:59:58`);
        ended.push(day);
        return day;
      }),
    noon: () =>
      surely(async () => {
        let day = await clock.today();
        for (; ended.includes(day); day = await clock.today()) await sleep(patience.restMs);
        await clock.set(`${day} 12:00`);
      }),
  };
}

/** A pool that lay idle while its server was killed gives broken connections first. */
async function surely<Value>(act: () => Promise<Value>): Promise<Value> {
  for (let round = 1; ; round++)
    try {
      return await act();
    } catch (error) {
      if (round === patience.rounds) throw error;
      await sleep(patience.restMs);
    }
}

async function markPrices(owner: Knex, day: string): Promise<void> {
  await owner.raw(
    `INSERT INTO settlement_marks (instrument_id, trade_date, cut_at, rule, rule_version, terms_version, daily_settlement, price_ticks,
       quote_seq, quote_bid_ticks, quote_ask_ticks, quote_received_at)
     SELECT i, ?::date, clock_timestamp(), 'mid', 1, 1, 'none', q.bid_ticks, q.seq, q.bid_ticks, q.ask_ticks, q.received_at
     FROM unnest(?::text[]) AS i CROSS JOIN LATERAL
       (SELECT * FROM quotes WHERE instrument_id = i AND flag IS NULL ORDER BY seq DESC LIMIT 1) q
     ON CONFLICT DO NOTHING`,
    [day, [...instruments]],
  );
}
