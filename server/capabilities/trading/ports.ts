import type { Knex } from "knex";
import type { Instrument } from "#core/instrument.ts";
import type { Quote } from "#core/quote.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";

/** A quote with the moment it reached this process (`Clock.elapsedMs`), by which its age is measured. */
export interface ArrivedQuote extends Quote {
  readonly arrivedMs: number;
}

/** The prices and terms an order is decided by. */
export interface Market {
  /** The last quote without a flag, whatever its age. */
  readonly latestTradable: (instrumentId: string) => ArrivedQuote | undefined;
  readonly instrument: (instrumentId: string) => Instrument | undefined;
  readonly isOpen: (instrument: Instrument, quote: Quote | undefined) => boolean;
}

export interface AcceptPorts {
  readonly transact: Transact;
  readonly readDb: Knex;
  readonly market: Market;
  readonly clock: Clock;
  readonly announce: (announcement: Announcement) => void;
}

export interface SettlePorts {
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  /** Which of the house's accounts this worker posts to. */
  readonly shard: number;
  /** An order that waited longer than this is rejected and its money released. */
  readonly maxQueueMs: number;
}

export interface ReadPorts {
  readonly readDb: Knex;
  readonly market: Pick<Market, "latestTradable">;
}

/** The queue's job for accepted orders: payload `{ orderIds }`. */
export const settleJob = "settle-orders";
