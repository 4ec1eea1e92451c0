import type { Knex } from "knex";
import type { HistoryPage } from "#contracts/cashier-history-api.ts";
import type {
  DepositDecision,
  DepositState,
  PaymentChannel,
  PaymentEventSource,
  PaymentStatus,
} from "#contracts/payment-names.ts";
import { pollDelayMs } from "#core/deposit.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import { readHistory } from "../../platform/db/history-page.ts";

export interface DepositRow {
  id: string;
  tenant_id: number;
  trader_id: string | null;
  account_id: string | null;
  request_id: string | null;
  channel: PaymentChannel;
  reference: string | null;
  pay_url: string | null;
  payment_no: string | null;
  asked_minor: bigint | null;
  received_minor: bigint | null;
  fee_minor: bigint;
  owed_minor: bigint;
  collected_minor: bigint;
  taken_back_minor: bigint;
  /** Transfers that may come more than once, so far. */
  moves: number;
  currency: string;
  currency_scale: number;
  state: DepositState;
  created_at: Date;
  expires_at: Date | null;
  received_at: Date | null;
  credited_at: Date | null;
  withdrawable_at: Date | null;
  ended_at: Date | null;
  polls: number;
  decision: DepositDecision | null;
  decision_account_id: string | null;
  reviews_needed: number;
  review_1_by_id: string | null;
  decided_at: Date | null;
  note: string | null;
}

export interface EventRow {
  id: bigint;
  deposit_id: string;
  payment_no: string;
  status: PaymentStatus;
  amount_minor: bigint;
  taken_back_minor: bigint | null;
  currency: string;
  source: PaymentEventSource;
  payer_name: string | null;
}

export const lockDeposit = (db: Knex, id: string): Promise<DepositRow | undefined> =>
  db<DepositRow>("deposits").where({ id }).forUpdate().first();

/** A page of a trader's deposits to an account, newest first. */
export const listDeposits = (
  db: Knex,
  asked: HistoryPage<DepositState> & { readonly traderId: string },
): Promise<DepositRow[]> => readHistory(db, { table: "deposits", time: "created_at" }, asked);

/** What was said about a deposit, oldest first; bounded, as whoever holds the channel's secret could say much. */
export const eventsOf = (db: Knex, depositId: string): Promise<EventRow[]> =>
  db<EventRow>("payment_events").where({ deposit_id: depositId }).orderBy("id").limit(200);

export const findEvent = (db: Knex, id: bigint): Promise<EventRow | undefined> =>
  db<EventRow>("payment_events").where({ id }).first();

/** What is left of a deposit of what has come, in minor units. */
export const stillThere = ({ received_minor, taken_back_minor }: DepositRow): MinorUnits =>
  minorUnits((received_minor ?? 0n) - taken_back_minor);

/** For so long nobody else asks the channel about a deposit that somebody has begun to ask about. */
const leaseSeconds = 60;

/** Takes deposits whose time to be asked about has come, oldest first. Taken ones come again after the lease, whatever happens. */
export async function claimDue(db: Knex, limit: number): Promise<DepositRow[]> {
  const { rows } = await db.raw<{ rows: DepositRow[] }>(
    `WITH due AS (SELECT id FROM deposits WHERE next_poll_at <= clock_timestamp() ORDER BY next_poll_at LIMIT ? FOR UPDATE SKIP LOCKED)
     UPDATE deposits d SET next_poll_at = clock_timestamp() + make_interval(secs => ?), polls = d.polls + 1
     FROM due WHERE d.id = due.id RETURNING d.*`,
    [limit, leaseSeconds],
  );
  return rows;
}

/** When the channel is asked next, as a value of next_poll_at. */
export const nextPoll = (db: Knex, polls: number): Knex.Raw =>
  db.raw("clock_timestamp() + make_interval(secs => ?)", [pollDelayMs(polls) / 1_000]);
