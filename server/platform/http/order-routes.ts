import express, { type Request, type Router } from "express";
import { z } from "zod";
import type { TraderIdentity } from "#contracts/identity.ts";
import {
  amendOrderRequest,
  bracketRequest,
  cancelAllRequest,
  capacityRequest,
  closePositionRequest,
  flattenRequest,
  placeOrderRequest,
  reversePositionRequest,
} from "#contracts/order-requests.ts";
import type { CapacityReply } from "#contracts/trading-api.ts";
import type { OrderCommands } from "../order-commands.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";
import { sendAnswer } from "./send-answer.ts";

export interface OrderPorts extends OrderCommands {
  /** `unknown`: the field that names nothing of his. */
  readonly capacity: (
    trader: TraderIdentity,
    request: z.infer<typeof capacityRequest>,
  ) => Promise<CapacityReply | { readonly unknown: keyof typeof unknown }>;
}

const unknown = {
  accountId: () => new ProblemError(404, "UNKNOWN_ACCOUNT", "You have no account with this id."),
  instrument: () => {
    const says = "This account trades no such instrument.";
    return new ProblemError(404, "UNKNOWN_INSTRUMENT", says, { errors: { instrument: says } });
  },
} as const;

const idParams = z.strictObject({ id: z.uuid() });

const idIn = (request: Request): string => parseRequest(idParams, request.params).id.toLowerCase();

/** What the trader who is logged in may do about his orders and positions. Mounted at /api/trading, behind requireTrader. */
export function orderRoutes(ports: OrderPorts): Router {
  const router = express.Router();
  router.post("/orders", async (request, response) => {
    const order = parseRequest(placeOrderRequest, request.body);
    sendAnswer(response, await ports.place(traderIn(response), order));
  });
  router.post("/orders/cancel-all", async (request, response) => {
    const which = parseRequest(cancelAllRequest, request.body);
    sendAnswer(response, await ports.cancelAll(traderIn(response), which));
  });
  router.patch("/orders/:id", async (request, response) => {
    const amend = parseRequest(amendOrderRequest, request.body);
    sendAnswer(response, await ports.amend(traderIn(response), idIn(request), amend));
  });
  router.delete("/orders/:id", async (request, response) => {
    sendAnswer(response, await ports.cancel(traderIn(response), idIn(request)));
  });
  router.post("/flatten", async (request, response) => {
    const which = parseRequest(flattenRequest, request.body);
    sendAnswer(response, await ports.flatten(traderIn(response), which));
  });
  router.post("/positions/:id/close", async (request, response) => {
    const exit = parseRequest(closePositionRequest, request.body);
    sendAnswer(response, await ports.close(traderIn(response), idIn(request), exit));
  });
  router.post("/positions/:id/reverse", async (request, response) => {
    const reverse = parseRequest(reversePositionRequest, request.body);
    sendAnswer(response, await ports.reverse(traderIn(response), idIn(request), reverse));
  });
  router.put("/positions/:id/bracket", async (request, response) => {
    const bracket = parseRequest(bracketRequest, request.body);
    sendAnswer(response, await ports.brackets(traderIn(response), idIn(request), bracket));
  });
  router.get("/capacity", async (request, response) => {
    const capacity = await ports.capacity(traderIn(response), parseRequest(capacityRequest, request.query));
    if ("unknown" in capacity) throw unknown[capacity.unknown]();
    response.json(capacity);
  });
  return router;
}
