import type { TraderIdentity } from "#contracts/identity.ts";
import type {
  AmendOrderRequest,
  BracketRequest,
  CancelAllRequest,
  FlattenRequest,
  PlaceOrderRequest,
  ReversePositionRequest,
} from "#contracts/order-requests.ts";
import type { BatchAnswer, CapacityReply, OrderAnswer, PositionAnswer } from "#contracts/trading-api.ts";
import { lots } from "#core/units.ts";
import { isUnavailable } from "../../platform/db/unavailable.ts";
import { acceptBatch } from "./accept-batch.ts";
import { ownerOfPosition } from "./accounts.store.ts";
import { amendOrder } from "./amend-order.ts";
import { tryLater, unknownPosition } from "./answers.ts";
import { batcher } from "./batcher.ts";
import { type ChangeDeps, cancelAllOrders, cancelOrder } from "./cancel-orders.ts";
import { openCancelling } from "./cancel-working.ts";
import { type CapacityRequest, capacityOf, type UnknownCapacity } from "./capacity.ts";
import { type Submission, submissionOf } from "./decide-submission.ts";
import { flatten } from "./flatten.ts";
import type { WantedExit, WantedReversal, WantedTrade } from "./order-intent.ts";
import type { AcceptPorts } from "./ports.ts";
import { setBracket } from "./set-bracket.ts";
import { termsStore } from "./terms.store.ts";

/** A position to close: all of it, or `lots`. */
export interface CloseRequest {
  readonly clientOrderId: string;
  readonly lots?: string | undefined;
}

export interface OrderDesk {
  /** Decides an order. 202: accepted and durable; 200: it was accepted before; else the reason. */
  readonly place: (trader: TraderIdentity, request: PlaceOrderRequest) => Promise<OrderAnswer>;
  /** Decides an exit order for (a part of) one of the trader's positions. */
  readonly close: (trader: TraderIdentity, positionId: string, request: CloseRequest) => Promise<OrderAnswer>;
  /** Turns one of the trader's positions around, in one order of twice its lots. */
  readonly reverse: (
    trader: TraderIdentity,
    positionId: string,
    request: ReversePositionRequest,
  ) => Promise<OrderAnswer>;
  /** Sets, moves or removes the legs of a position's bracket. */
  readonly brackets: (trader: TraderIdentity, positionId: string, request: BracketRequest) => Promise<PositionAnswer>;
  readonly cancel: (trader: TraderIdentity, orderId: string) => Promise<OrderAnswer>;
  readonly amend: (trader: TraderIdentity, orderId: string, request: AmendOrderRequest) => Promise<OrderAnswer>;
  readonly cancelAll: (trader: TraderIdentity, request: CancelAllRequest) => Promise<BatchAnswer>;
  /** Cancels what waits and closes what is open. */
  readonly flatten: (trader: TraderIdentity, request: FlattenRequest) => Promise<BatchAnswer>;
  /** How much could be bought and sold now. */
  readonly capacity: (trader: TraderIdentity, request: CapacityRequest) => Promise<CapacityReply | UnknownCapacity>;
  /** How long, in ms, an order that arrives now waits for its decision, by the measured time of a batch. */
  readonly expectedWaitMs: () => number;
  /** Resolves when no order waits for its decision. */
  readonly idle: () => Promise<void>;
}

/** Larger batches hold the locks longer and win nothing (measured). */
const batchMax = 100;
/** Orders that may wait in front of the database: at some 3,000 a second, well under a second of waiting. */
const waitingMax = 2_000;

/**
 * Takes orders from any number of connections and decides them in micro-batches, one in flight a process: at low load an order
 * is its own batch, under load the batch grows by itself. When too many wait, or the database can't be reached, the
 * answer is 503 and the client repeats the order with the same id; an order never exists twice.
 */
export function placeOrders(ports: AcceptPorts, report: (error: unknown) => void): OrderDesk {
  const loadTerms = termsStore();
  const accepting = batcher<Submission, OrderAnswer>({
    max: batchMax,
    run: (batch, mayPutOff) => acceptBatch(ports, loadTerms, batch, mayPutOff),
    alone: (error) => !isUnavailable(error),
  });

  const available = unlessUnavailable(report);
  const submit = async (submission: Submission): Promise<OrderAnswer> =>
    accepting.waiting() >= waitingMax ? tryLater() : available(() => accepting.add(submission));
  const submitOn = async (
    trader: TraderIdentity,
    positionId: string,
    clientOrderId: string,
    want: WantedExit | WantedReversal,
  ): Promise<OrderAnswer> => {
    const found = await available(() => ownerOfPosition(ports.readDb, positionId));
    if (found !== null && "status" in found) return found;
    if (found === null || found.trader_id !== trader.traderId) return unknownPosition();
    return submit(submissionOf(trader, found.account_id, found.instrument_id, clientOrderId, want));
  };
  const change: ChangeDeps = { ports, loadTerms, cancelling: openCancelling(ports, loadTerms) };
  const capacity = capacityOf(ports, loadTerms);

  return {
    place: (trader, request) => {
      const { accountId, instrument, clientOrderId } = request;
      return submit(submissionOf(trader, accountId.toLowerCase(), instrument, clientOrderId, tradeOf(request)));
    },
    close: (trader, positionId, { clientOrderId, lots: size }) =>
      submitOn(trader, positionId, clientOrderId, {
        kind: "exit",
        lots: size === undefined ? null : lots(BigInt(size)),
      }),
    reverse: (trader, positionId, { clientOrderId }) =>
      submitOn(trader, positionId, clientOrderId, { kind: "reversal" }),
    brackets: (trader, positionId, request) => available(() => setBracket(change)(trader, positionId, request)),
    cancel: (trader, orderId) => available(() => cancelOrder(change)(trader, orderId)),
    amend: (trader, orderId, request) => available(() => amendOrder(change)(trader, orderId, request)),
    cancelAll: (trader, request) => available(() => cancelAllOrders(change)(trader, request)),
    flatten: (trader, request) => available(() => flatten(change, submit)(trader, request)),
    capacity,
    expectedWaitMs: accepting.expectedWaitMs,
    idle: accepting.idle,
  };
}

const tradeOf = (request: PlaceOrderRequest): WantedTrade => ({
  kind: "trade",
  side: request.side,
  lots: lots(BigInt(request.lots)),
  type: request.type,
  limitPrice: request.limitPrice ?? null,
  stopPrice: request.stopPrice ?? null,
  takeProfitPrice: request.takeProfitPrice ?? null,
  stopLossPrice: request.stopLossPrice ?? null,
  timeInForce: request.timeInForce ?? "gtc",
  expiresAt: request.expiresAt === undefined ? null : new Date(request.expiresAt),
  reduceOnly: request.reduceOnly ?? false,
  quotedPrice: request.quotedPrice ?? null,
  maxSlippageTicks: request.maxSlippageTicks === undefined ? null : BigInt(request.maxSlippageTicks),
});

type Unavailable = ReturnType<typeof tryLater>;

/** Runs what needs the database; when that can't be reached, or nobody knows what became of it, the client is told to try again. */
const unlessUnavailable =
  (report: (error: unknown) => void) =>
  async <Answer>(run: () => Promise<Answer>): Promise<Answer | Unavailable> => {
    try {
      return await run();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      report(error);
      return tryLater();
    }
  };
