import type { Knex } from "knex";
import type { MarginStage } from "#contracts/names.ts";
import type { LadderHolding, LadderThresholds } from "#core/ladder.ts";
import type { Quote } from "#core/quote.ts";
import { lots, type MinorUnits, minorUnits, ticks } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** A quote that an account may be weighed by and closed at. */
export type MarkQuote = Pick<Quote, "seq" | "bid" | "ask" | "venueAt" | "receivedAt">;

/** A holding before it is priced. */
export interface LadderHoldingState extends Omit<LadderHolding, "mark" | "closable"> {
  readonly termsVersion: number;
  /** Held for its line. */
  readonly margin: MinorUnits;
  /** The quote of its last fill: an older one says nothing about it. Null: it has none, orders wait. */
  readonly filledAt: MarkQuote | null;
}

/** An account as the ladder weighs it, without prices. */
export interface LadderState {
  readonly accountId: string;
  readonly stage: MarginStage;
  /** Booked cash without what is held for withdrawals. */
  readonly balance: MinorUnits;
  readonly heldElsewhere: MinorUnits;
  /** Whether orders wait for their settlement: they fill before it is decided about the account. */
  readonly hasDue: boolean;
  readonly thresholds: LadderThresholds;
  readonly feePerPosition: MinorUnits;
  readonly holdings: readonly LadderHoldingState[];
}

interface Row {
  account_id: string;
  margin_stage: MarginStage;
  posted: bigint;
  held: bigint;
  has_due: boolean;
  margin_call_percent: number;
  reduce_only_percent: number;
  stop_out_percent: number;
  liquidation_fee_minor: bigint;
  instrument_id: string | null;
  lots: bigint;
  cost_ticks: bigint;
  margin_minor: bigint;
  terms_version: number;
  tick_value_minor: bigint;
  initial_margin_minor: bigint;
  fee_per_side_minor: bigint;
  resting_buy: bigint;
  resting_sell: bigint;
  quote_seq: bigint | null;
  quote_bid_ticks: bigint;
  quote_ask_ticks: bigint;
  quote_venue_at: Date;
  quote_received_at: Date;
}

const stateColumns = `a.id AS account_id, a.margin_stage, b.posted, b.held,
  s.account_id IS NOT NULL AS has_due,
  coalesce(g.margin_call_percent, d.margin_call_percent) AS margin_call_percent,
  coalesce(g.reduce_only_percent, d.reduce_only_percent) AS reduce_only_percent,
  coalesce(g.stop_out_percent, d.stop_out_percent) AS stop_out_percent,
  coalesce(g.liquidation_fee_minor, d.liquidation_fee_minor) AS liquidation_fee_minor, p.instrument_id, p.lots, p.cost_ticks, p.margin_minor, p.terms_version,
  c.tick_value_minor, c.initial_margin_minor, c.fee_per_side_minor, coalesce(o.buy, 0)::bigint AS resting_buy,
  coalesce(o.sell, 0)::bigint AS resting_sell, f.quote_seq, f.quote_bid_ticks, f.quote_ask_ticks, f.quote_venue_at,
  f.quote_received_at`;

const stateTables = `accounts a
  JOIN balances b ON b.ledger_account_id = a.ledger_account_id
  JOIN traders t ON t.id = a.trader_id
  LEFT JOIN trader_groups g ON g.id = t.group_id
  LEFT JOIN trader_groups d ON t.group_id IS NULL AND d.is_default
  LEFT JOIN positions p ON p.account_id = a.id AND (p.lots <> 0 OR p.margin_minor <> 0)
  LEFT JOIN instrument_terms c ON c.instrument_id = p.instrument_id AND c.terms_version = p.terms_version
  LEFT JOIN LATERAL (
    SELECT sum(w.lots) FILTER (WHERE w.side = 'buy') AS buy, sum(w.lots) FILTER (WHERE w.side = 'sell') AS sell FROM orders w
    WHERE w.account_id = a.id AND w.instrument_id = p.instrument_id AND w.state IN ('accepted', 'working') AND NOT w.reduce_only
  ) o ON true
  LEFT JOIN LATERAL (
    SELECT w.account_id FROM orders w
    WHERE w.account_id = a.id AND w.state IN ('accepted', 'working') AND w.due_seq IS NOT NULL LIMIT 1
  ) s ON true
  LEFT JOIN LATERAL (
    SELECT f.quote_seq, f.quote_bid_ticks, f.quote_ask_ticks, f.quote_venue_at, f.quote_received_at FROM fills f
    WHERE f.account_id = a.id AND f.instrument_id = p.instrument_id AND p.lots <> 0 ORDER BY f.id DESC LIMIT 1
  ) f ON true`;

/**
 * How the accounts stand; those that do not exist are left out. The group is joined as itself or as the default: by one coalesced key
 * the planner expects few traders, and reads all of them for a batch.
 */
export async function loadLadder(db: Knex, accountIds: readonly string[]): Promise<LadderState[]> {
  const rows = await prepared<Row>(
    db,
    `SELECT ${stateColumns} FROM ${stateTables} WHERE a.id = ANY (?::uuid[]) ORDER BY a.id, p.instrument_id`,
    [[...accountIds]],
  );
  return statesOf(rows);
}

/** Ids of the accounts, of all or of the named, that have something at risk or are not back at the foot of the ladder. */
export async function accountsAtRisk(db: Knex, among?: readonly string[]): Promise<Set<string>> {
  const rows =
    among === undefined
      ? await prepared<{ id: string }>(
          db,
          "SELECT account_id AS id FROM positions WHERE lots <> 0 UNION SELECT id FROM accounts WHERE margin_stage <> 'ok'",
          [],
        )
      : await prepared<{ id: string }>(
          db,
          `SELECT p.account_id AS id FROM positions p WHERE p.account_id = ANY (?::uuid[]) AND (p.lots <> 0 OR p.margin_minor <> 0)
           UNION SELECT a.id FROM accounts a WHERE a.id = ANY (?::uuid[]) AND a.margin_stage <> 'ok'`,
          [[...among], [...among]],
        );
  return new Set(rows.map(({ id }) => id));
}

/** The accounts of orders. */
export async function accountsOfOrders(db: Knex, orderIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
    "SELECT DISTINCT account_id FROM orders WHERE id = ANY (?::uuid[])",
    [[...orderIds]],
  );
  return rows.map((row) => row.account_id);
}

function statesOf(rows: readonly Row[]): LadderState[] {
  const states = new Map<string, Row[]>();
  for (const row of rows) {
    const own = states.get(row.account_id);
    if (own === undefined) states.set(row.account_id, [row]);
    else own.push(row);
  }
  return [...states.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const own = [first, ...others].filter((row) => row.instrument_id !== null);
    const lines = own.reduce((sum, row) => sum + row.margin_minor, 0n);
    return [
      {
        accountId: first.account_id,
        stage: first.margin_stage,
        balance: minorUnits(first.posted - (first.held - lines)),
        heldElsewhere: minorUnits(first.held - lines),
        hasDue: first.has_due,
        thresholds: {
          marginCall: BigInt(first.margin_call_percent),
          reduceOnly: BigInt(first.reduce_only_percent),
          stopOut: BigInt(first.stop_out_percent),
        },
        feePerPosition: minorUnits(first.liquidation_fee_minor),
        holdings: own.map(holdingOf),
      },
    ];
  });
}

const holdingOf = (row: Row): LadderHoldingState => ({
  instrumentId: row.instrument_id ?? "",
  position: { lots: lots(row.lots), cost: row.cost_ticks },
  resting: { buy: lots(row.resting_buy), sell: lots(row.resting_sell) },
  termsVersion: row.terms_version,
  margin: minorUnits(row.margin_minor),
  filledAt: filledAt(row),
  terms: {
    tickValue: minorUnits(row.tick_value_minor),
    initialMargin: minorUnits(row.initial_margin_minor),
    feePerSide: minorUnits(row.fee_per_side_minor),
  },
});

const filledAt = (row: Row): MarkQuote | null =>
  row.quote_seq === null
    ? null
    : {
        seq: row.quote_seq,
        bid: ticks(row.quote_bid_ticks),
        ask: ticks(row.quote_ask_ticks),
        venueAt: row.quote_venue_at,
        receivedAt: row.quote_received_at,
      };
