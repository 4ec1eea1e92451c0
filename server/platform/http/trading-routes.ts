import express, { type Request, type Response, type Router } from "express";
import { z } from "zod";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { AccountView, WireFill, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

interface PageRequest {
  readonly openOnly?: boolean;
  readonly limit: number;
  readonly after: string | null;
}

/** Reads give null for what is not the trader's: it does not exist for him. */
export interface TradingPorts {
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
/** `state=open`: only orders that have not ended, so that one that waits for weeks is found at once. */
const ordersQuery = pageQuery.extend({ state: z.literal("open").optional() });
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
    const { state, ...query } = parseRequest(ordersQuery, request.query);
    const { accountId, page } = pageOf(query, ports.isOrderCursor);
    const asked = { ...page, openOnly: state === "open" };
    response.json(found(await ports.orders(traderIn(response), accountId, asked), "UNKNOWN_ACCOUNT"));
  });
  router.get("/orders/:id", async (request, response) => {
    response.json({ order: await ownOrder(ports, request, response) });
  });
  router.get("/fills", async (request, response) => {
    const { accountId, page } = pageOf(parseRequest(pageQuery, request.query), ports.isFillCursor);
    response.json(found(await ports.fills(traderIn(response), accountId, page), "UNKNOWN_ACCOUNT"));
  });
  return router;
}

function pageOf(
  { accountId, limit, after }: z.infer<typeof pageQuery>,
  isCursor: (text: string) => boolean,
): { accountId: string; page: PageRequest } {
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
