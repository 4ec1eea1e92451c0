import { createHash } from "node:crypto";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { lots } from "#core/units.ts";
import { isUnavailable } from "../../platform/db/unavailable.ts";
import { acceptBatch } from "./accept-batch.ts";
import { ownerOfPosition } from "./accounts.store.ts";
import { tryLater, unknownPosition } from "./answers.ts";
import { batcher } from "./batcher.ts";
import type { Submission } from "./decide-submission.ts";
import type { WantedExit, WantedTrade } from "./order-intent.ts";
import type { AcceptPorts } from "./ports.ts";
import { termsStore } from "./terms.store.ts";

/** A position to close: all of it, or `lots`. */
export interface CloseRequest {
  readonly clientOrderId: string;
  readonly lots?: string | undefined;
}

export interface OrderDesk {
  /** Decides a market order. 202: accepted and durable; 200: it was accepted before; else the reason. */
  readonly place: (trader: TraderIdentity, request: PlaceOrderRequest) => Promise<OrderAnswer>;
  /** Decides an exit order for (a part of) one of the trader's positions. */
  readonly close: (trader: TraderIdentity, positionId: string, request: CloseRequest) => Promise<OrderAnswer>;
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

  const submit = async (submission: Submission): Promise<OrderAnswer> => {
    if (accepting.waiting() >= waitingMax) return tryLater();
    try {
      return await accepting.add(submission);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      report(error);
      return tryLater();
    }
  };

  return {
    place: async (trader, request) => {
      const accountId = request.accountId.toLowerCase();
      const want = tradeOf(request);
      const { instrument: instrumentId, clientOrderId } = request;
      const bodyHash = hashOf(["trade", instrumentId, request.type, want]);
      return submit({ traderId: trader.traderId, accountId, clientOrderId, bodyHash, instrumentId, want });
    },
    close: async (trader, positionId, request) => {
      const found = await ownerOfPosition(ports.readDb, positionId).catch(unavailable(report));
      if (found === "unavailable") return tryLater();
      if (found === null || found.trader_id !== trader.traderId) return unknownPosition();
      const want: WantedExit = { kind: "exit", lots: request.lots === undefined ? null : lots(BigInt(request.lots)) };
      return submit({
        traderId: trader.traderId,
        accountId: found.account_id,
        clientOrderId: request.clientOrderId,
        bodyHash: hashOf(["exit", found.instrument_id, want]),
        instrumentId: found.instrument_id,
        want,
      });
    },
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

const hashOf = (parts: unknown): Buffer =>
  createHash("sha256")
    .update(JSON.stringify(parts, (_key, part) => (typeof part === "bigint" ? part.toString() : part)))
    .digest();

const unavailable =
  (report: (error: unknown) => void) =>
  (error: unknown): "unavailable" => {
    if (!isUnavailable(error)) throw error;
    report(error);
    return "unavailable";
  };
