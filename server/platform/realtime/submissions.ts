import type { ZodType } from "zod";
import type { SubmissionEvent } from "#contracts/events.ts";
import type { TraderIdentity } from "#contracts/identity.ts";
import {
  amendEventRequest,
  bracketEventRequest,
  cancelAllRequest,
  cancelEventRequest,
  closeEventRequest,
  flattenRequest,
  placeOrderRequest,
  reverseEventRequest,
} from "#contracts/order-requests.ts";
import type { BatchAnswer, OrderAnswer, PositionAnswer } from "#contracts/trading-api.ts";
import { fieldErrors, ProblemError } from "../http/problem.ts";
import type { OrderCommands } from "../order-commands.ts";
import type { GatewayPorts } from "./gateway-ports.ts";

export const notLoggedIn = { status: 401, code: "NOT_LOGGED_IN", message: "Log in to trade." } as const;
export const tooManyMessages = {
  status: 429,
  code: "TOO_MANY_MESSAGES",
  message: "Too many messages in one second; wait a moment.",
} as const;

type Answer = OrderAnswer | PositionAnswer | BatchAnswer;
type Submit = (ports: GatewayPorts, trader: TraderIdentity, request: unknown) => Promise<Answer>;

/** One kind of request from a socket, parsed as the REST route parses it and answered by the same command. */
const submission =
  <Request>(
    schema: ZodType<Request>,
    run: (orders: OrderCommands, trader: TraderIdentity, request: Request) => Promise<Answer>,
  ): Submit =>
  (ports, trader, request) =>
    answered(ports, schema, request, (parsed) => run(ports.orders, trader, parsed));

/** By the name of the event. Over the socket no path names the order or the position. */
export const submissions: Readonly<Record<SubmissionEvent, Submit>> = {
  order: submission(placeOrderRequest, (orders, trader, order) => orders.place(trader, order)),
  close: submission(closeEventRequest, (orders, trader, { positionId, ...close }) =>
    orders.close(trader, positionId.toLowerCase(), close),
  ),
  cancel: submission(cancelEventRequest, (orders, trader, { orderId }) => orders.cancel(trader, orderId.toLowerCase())),
  amend: submission(amendEventRequest, (orders, trader, { orderId, ...amend }) =>
    orders.amend(trader, orderId.toLowerCase(), amend),
  ),
  bracket: submission(bracketEventRequest, (orders, trader, { positionId, ...bracket }) =>
    orders.brackets(trader, positionId.toLowerCase(), bracket),
  ),
  reverse: submission(reverseEventRequest, (orders, trader, { positionId, ...reverse }) =>
    orders.reverse(trader, positionId.toLowerCase(), reverse),
  ),
  "cancel-all": submission(cancelAllRequest, (orders, trader, which) => orders.cancelAll(trader, which)),
  flatten: submission(flattenRequest, (orders, trader, which) => orders.flatten(trader, which)),
};

async function answered<Request>(
  { log }: GatewayPorts,
  schema: ZodType<Request>,
  request: unknown,
  run: (request: Request) => Promise<Answer>,
): Promise<Answer> {
  const parsed = schema.safeParse(request);
  if (!parsed.success) {
    const message = "The request has fields that are missing, unknown or malformed.";
    return { status: 422, code: "INVALID_REQUEST", message, errors: fieldErrors(parsed.error) };
  }
  try {
    return await run(parsed.data);
  } catch (error) {
    if (error instanceof ProblemError && isRefusalStatus(error.status))
      return { status: error.status, code: error.code, message: error.message };
    log.error({ err: error }, "an order from a socket failed");
    return { status: 503, code: "TRY_AGAIN", message: "The order could not be taken now; send it again as it is." };
  }
}

const refusalStatuses = [400, 401, 404, 409, 422, 429, 503] as const;
type RefusalStatus = (typeof refusalStatuses)[number];
const isRefusalStatus = (status: number): status is RefusalStatus =>
  (refusalStatuses as readonly number[]).includes(status);
