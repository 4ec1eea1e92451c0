import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import type { TraderIdentity } from "#contracts/identity.ts";
import { closePositionRequest, type PlaceOrderRequest, placeOrderRequest } from "#contracts/order-requests.ts";
import type { AccountView, OrderAnswer, WireFill, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

interface PageRequest {
  readonly limit: number;
  readonly after: string | null;
}

/** Reads give null for what is not the trader's: it does not exist for him. */
export interface TradingPorts {
  readonly place: (trader: TraderIdentity, request: PlaceOrderRequest) => Promise<OrderAnswer>;
  readonly close: (
    trader: TraderIdentity,
    positionId: string,
    request: z.infer<typeof closePositionRequest>,
  ) => Promise<OrderAnswer>;
  readonly account: (trader: TraderIdentity, accountId: string) => Promise<AccountView | null>;
  readonly positions: (trader: TraderIdentity, accountId: string) => Promise<readonly WirePosition[] | null>;
  readonly orders: (
    trader: TraderIdentity,
    accountId: string,
    page: PageRequest,
  ) => Promise<{ orders: readonly WireOrder[]; next: string | null } | null>;
  readonly order: (trader: TraderIdentity, orderId: string) => Promise<WireOrder | null>;
  readonly fills: (
    trader: TraderIdentity,
    accountId: string,
    page: PageRequest,
  ) => Promise<{ fills: readonly WireFill[]; next: string | null } | null>;
  readonly isOrderCursor: (text: string) => boolean;
  readonly isFillCursor: (text: string) => boolean;
}

const pageDefault = 50;
const pageMax = 200;
const retryAfterSeconds = "1";

const accountQuery = z.strictObject({ accountId: z.uuid() });
const pageQuery = z.strictObject({
  accountId: z.uuid(),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${pageMax}`)
    .transform(Number)
    .refine((limit) => limit <= pageMax, `must be a whole number from 1 to ${pageMax}`)
    .default(pageDefault),
  after: z.string().max(64).optional(),
});
const idParams = z.strictObject({ id: z.uuid() });

/** Account, positions, orders and fills of the trader who is logged in. Mounted at /api/trading, behind requireTrader. */
export function tradingRoutes(ports: TradingPorts): Router {
  const router = express.Router();
  router.get("/account", async (request, response) => {
    const { accountId } = parseRequest(accountQuery, request.query);
    response.json(found(await ports.account(traderIn(response), accountId), "UNKNOWN_ACCOUNT"));
  });
  router.get("/positions", async (request, response) => {
    const { accountId } = parseRequest(accountQuery, request.query);
    response.json({ positions: found(await ports.positions(traderIn(response), accountId), "UNKNOWN_ACCOUNT") });
  });
  router.get("/orders", async (request, response) => {
    const { accountId, page } = pageOf(request, ports.isOrderCursor);
    response.json(found(await ports.orders(traderIn(response), accountId, page), "UNKNOWN_ACCOUNT"));
  });
  router.get("/orders/:id", async (request, response) => {
    response.json({ order: await ownOrder(ports, request, response) });
  });
  router.get("/fills", async (request, response) => {
    const { accountId, page } = pageOf(request, ports.isFillCursor);
    response.json(found(await ports.fills(traderIn(response), accountId, page), "UNKNOWN_ACCOUNT"));
  });
  router.post("/orders", async (request, response) => {
    const order = parseRequest(placeOrderRequest, request.body);
    send(response, await ports.place(traderIn(response), order));
  });
  router.post("/positions/:id/close", async (request, response) => {
    const { id } = parseRequest(idParams, request.params);
    const exit = parseRequest(closePositionRequest, request.body);
    send(response, await ports.close(traderIn(response), id.toLowerCase(), exit));
  });
  router.delete("/orders/:id", async (request, response) => {
    const order = await ownOrder(ports, request, response);
    // Market orders fill at the price they were accepted at: there is never one that could still be cancelled.
    throw new ProblemError(409, "ORDER_NOT_WORKING", `The order is ${order.state}; only a working order is cancelled.`);
  });
  return router;
}

function pageOf(request: Request, isCursor: (text: string) => boolean): { accountId: string; page: PageRequest } {
  const { accountId, limit, after } = parseRequest(pageQuery, request.query);
  if (after !== undefined && !isCursor(after))
    throw new ProblemError(422, "INVALID_REQUEST", "The request has fields that are malformed.", {
      errors: { after: "must be the `next` of the page before" },
    });
  return { accountId, page: { limit, after: after ?? null } };
}

async function ownOrder(ports: TradingPorts, request: Request, response: Response): Promise<WireOrder> {
  const { id } = parseRequest(idParams, request.params);
  return found(await ports.order(traderIn(response), id), "UNKNOWN_ORDER");
}

const unknown = {
  UNKNOWN_ACCOUNT: "You have no account with this id.",
  UNKNOWN_ORDER: "You have no order with this id.",
} as const;

function found<T>(value: T | null, code: keyof typeof unknown): T {
  if (value === null) throw new ProblemError(404, code, unknown[code]);
  return value;
}

/** The answer to an order: the order itself, or a problem with its code and the checks that were made. */
function send(response: Response, answer: OrderAnswer): void {
  if ("order" in answer) {
    response.status(answer.status).json({ order: answer.order });
    return;
  }
  throw new ProblemError(answer.status, answer.code, answer.message, {
    ...(answer.errors === undefined ? {} : { errors: answer.errors }),
    ...(answer.checks === undefined ? {} : { extra: { checks: answer.checks } }),
    headers: answer.status === 503 ? { "Retry-After": retryAfterSeconds } : {},
  });
}
