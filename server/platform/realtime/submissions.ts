import type { ZodType } from "zod";
import type { TraderIdentity } from "#contracts/identity.ts";
import { closeEventRequest, placeOrderRequest } from "#contracts/order-requests.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { fieldErrors, ProblemError } from "../http/problem.ts";
import type { GatewayPorts } from "./gateway-ports.ts";

export const notLoggedIn = { status: 401, code: "NOT_LOGGED_IN", message: "Log in to trade." } as const;
export const tooManyMessages = {
  status: 429,
  code: "TOO_MANY_MESSAGES",
  message: "Too many messages in one second; wait a moment.",
} as const;

/** An order or a close from a socket, answered as the REST route answers it. */
export const submitOrder = (ports: GatewayPorts, trader: TraderIdentity, request: unknown): Promise<OrderAnswer> =>
  answered(ports, placeOrderRequest, request, (order) => ports.place(trader, order));

export const submitClose = (ports: GatewayPorts, trader: TraderIdentity, request: unknown): Promise<OrderAnswer> =>
  answered(ports, closeEventRequest, request, ({ positionId, ...close }) => ports.close(trader, positionId, close));

async function answered<Request>(
  { log }: GatewayPorts,
  schema: ZodType<Request>,
  request: unknown,
  run: (request: Request) => Promise<OrderAnswer>,
): Promise<OrderAnswer> {
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
