import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { locales, staffRoles } from "#contracts/names.ts";
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
import { ownLimits, ownLimitsReply } from "#contracts/own-limits-api.ts";
import { blocksReply, blocksRequest, headsReply, headsRequest, receiptReply } from "#contracts/proofs-api.ts";
import { selfExclusionReply, selfExclusionRequest } from "#contracts/self-exclusion-api.ts";
import { staffLoginRequest } from "#contracts/session-api.ts";
import { statementsReply } from "#contracts/statements-api.ts";
import {
  accountView,
  barsReply,
  barsRequest,
  capacityReply,
  loginReply,
  loginRequest,
  wireFill,
  wireInstrument,
  wireOrder,
  wirePosition,
} from "#contracts/trading-api.ts";
import { describeBooks } from "./openapi-books.ts";

import { describeCashier, describeNotices, describeStatements } from "./openapi-cashier.ts";
import { describeDesk } from "./openapi-desk.ts";
import { type Add, accountQuery, answer, body, idParams, nothing, pageQuery, text } from "./openapi-parts.ts";

const staffSession = z.object({
  staffId: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(staffRoles),
  locale: z.enum(locales),
  tenantId: z.int().nullable(),
  agentId: z.uuid().nullable(),
  expiresAt: z.iso.datetime(),
});

type Security = NonNullable<RouteConfig["security"]>;
const byStaff: Security = [{ staffCookie: [] }, { staffKey: [] }];
const byTrader: Security = [{ traderToken: [] }];

const order = z.object({ order: wireOrder });
const orderAnswers: RouteConfig["responses"] = {
  200: answer(order, "The same order again: its clientOrderId was repeated."),
  202: answer(order, "Accepted: it is durable."),
};
/** An answer among several: as that of the order alone, with its status. */
const batch = z.object({ cancelled: z.int(), answers: z.array(z.object({ status: z.int() }).loose()) });
/** The routes that no resource declares: health, documents, sessions, trading, market. */
export function describeFixedRoutes(describe: (route: RouteConfig) => void): void {
  const add =
    (tag: string, security: RouteConfig["security"]) =>
    (
      method: RouteConfig["method"],
      path: string,
      summary: string,
      rest: Pick<RouteConfig, "request" | "responses">,
    ): void =>
      describe({ method, path, summary, tags: [tag], ...(security === undefined ? {} : { security }), ...rest });
  describeHealth(add("Health", undefined));
  describeSessions(add("Sessions", undefined));
  describeTrading(add("Trading", byTrader));
  describeCashier(add("Cashier", byTrader));
  describeAccountStatements(add("Trading", byTrader));
  describeNotices(add("Payments", undefined));
  describeStatements(add("Payments", byStaff));
  describeBooks(add("Books", byStaff));
  const market = add("Market", undefined);
  market("get", "/api/trading/instruments", "Contract terms, session and last quote of every instrument", {
    responses: { 200: answer(z.object({ instruments: z.array(wireInstrument) })) },
  });
  market("get", "/api/trading/bars", "Bars; `from` inclusive, `to` exclusive", {
    request: { query: barsRequest },
    responses: { 200: answer(barsReply) },
  });
  describeProofs(add);
  describeDesk(add("Desk", byStaff));
}

function describeAccountStatements(add: Add): void {
  const byNumber = { params: z.object({ id: z.string() }) };
  add("get", "/api/trading/statements", "Daily statements of an account, newest first", {
    request: { query: pageQuery },
    responses: { 200: answer(statementsReply) },
  });
  add("get", "/api/trading/statements/{id}/csv", "A statement with each entry and the balance after it", {
    request: byNumber,
    responses: text("The file.", "text/csv"),
  });
  add("get", "/api/trading/statements/{id}/page", "The same as a page to print, in the trader's language", {
    request: byNumber,
    responses: text("The page.", "text/html"),
  });
}

function describeProofs(tagged: (tag: string, security: RouteConfig["security"]) => Add): void {
  const fill = z.object({ id: z.string() });
  const receipt: Pick<RouteConfig, "request" | "responses"> = {
    request: { params: fill },
    responses: { 200: answer(receiptReply, "Its exact text is what `npx truewick-verify` checks.") },
  };
  const summary = "The receipt of a fill; 409 with Retry-After until its quotes are sealed";
  tagged("Trading", byTrader)("get", "/api/trading/fills/{id}/receipt", summary, receipt);
  tagged("Desk", byStaff)("get", "/api/admin/fills/{id}/receipt", summary, receipt);
  const add = tagged("Proofs", undefined);
  add("get", "/api/proofs/heads", "The newest sealed block of every instrument and all public keys, signed", {
    request: { query: headsRequest },
    responses: { 200: answer(headsReply) },
  });
  add("get", "/api/proofs/blocks", "Sealed blocks of an instrument, in order: the chain to follow", {
    request: { query: blocksRequest },
    responses: { 200: answer(blocksReply) },
  });
}

function describeHealth(add: Add): void {
  const state = z.object({ status: z.string() }).loose();
  add("get", "/healthz", "The process lives", { responses: { 200: answer(state) } });
  add("get", "/readyz", "Database, queue and feed are usable", {
    responses: { 200: answer(state), 503: answer(state, "Not ready: the state of each part.") },
  });
  add("get", "/metrics", "Figures for Prometheus", { responses: text("Prometheus text.") });
  add("get", "/openapi.json", "This document", { responses: { 200: answer(z.object({}).loose()) } });
  add("get", "/docs", "This document as a page", { responses: text("The page.", "text/html") });
}

function describeSessions(add: Add): void {
  const path = "/api/admin/session";
  add("post", path, "Log a member of staff in", {
    request: body(staffLoginRequest),
    responses: { 200: answer(staffSession) },
  });
  add("get", path, "Who is logged in", { responses: { 200: answer(staffSession) } });
  add("delete", path, "Log out", { responses: nothing });
  const trading = "/api/trading/session";
  add("post", trading, "Log a trader in", { request: body(loginRequest), responses: { 200: answer(loginReply) } });
  add("delete", trading, "Log out", { responses: nothing });
}

function describeTrading(add: Add): void {
  const of = { query: accountQuery };
  const page = { query: pageQuery };
  const next = z.string().nullable();
  add("get", "/api/trading/account", "An account's money", { request: of, responses: { 200: answer(accountView) } });
  add("get", "/api/trading/positions", "Open positions", {
    request: of,
    responses: { 200: answer(z.object({ positions: z.array(wirePosition) })) },
  });
  add("get", "/api/trading/orders", "Orders, newest first", {
    request: { query: pageQuery.extend({ state: z.literal("open").optional() }) },
    responses: { 200: answer(z.object({ orders: z.array(wireOrder), next })) },
  });
  add("get", "/api/trading/orders/{id}", "An order", {
    request: { params: idParams },
    responses: { 200: answer(order) },
  });
  add("get", "/api/trading/fills", "Fills, newest first", {
    request: page,
    responses: { 200: answer(z.object({ fills: z.array(wireFill), next })) },
  });
  add("post", "/api/trading/self-exclusion", "Shut oneself out of opening positions; nobody can make it shorter", {
    request: body(selfExclusionRequest),
    responses: { 200: answer(selfExclusionReply) },
  });
  add("get", "/api/trading/limits", "One's own limits, and which looser ones are to come", {
    responses: { 200: answer(ownLimitsReply) },
  });
  add(
    "put",
    "/api/trading/limits",
    "Set all of one's own limits: what is stricter holds at once, what is looser later",
    {
      request: body(ownLimits),
      responses: { 200: answer(ownLimitsReply) },
    },
  );
  describeOrders(add);
}

function describeOrders(add: Add): void {
  const byId = { params: idParams };
  add("post", "/api/trading/orders", "Place an order", { request: body(placeOrderRequest), responses: orderAnswers });
  add("post", "/api/trading/orders/cancel-all", "Cancel all that waits, brackets among it", {
    request: body(cancelAllRequest),
    responses: { 200: answer(batch) },
  });
  add("patch", "/api/trading/orders/{id}", "Change lots or prices of a working order; 409 when it is not working", {
    request: { ...byId, ...body(amendOrderRequest) },
    responses: { 200: answer(order) },
  });
  add("delete", "/api/trading/orders/{id}", "Cancel a working order; 409 when it is not working", {
    request: byId,
    responses: { 200: answer(order) },
  });
  add("post", "/api/trading/flatten", "Cancel what waits and close what is open", {
    request: body(flattenRequest),
    responses: { 200: answer(batch) },
  });
  add("post", "/api/trading/positions/{id}/close", "Close a position, or some lots of it", {
    request: { ...byId, ...body(closePositionRequest) },
    responses: orderAnswers,
  });
  add("post", "/api/trading/positions/{id}/reverse", "Turn a position around, in one order of twice its lots", {
    request: { ...byId, ...body(reversePositionRequest) },
    responses: orderAnswers,
  });
  add("put", "/api/trading/positions/{id}/bracket", "Set, move or remove take profit and stop loss", {
    request: { ...byId, ...body(bracketRequest) },
    responses: { 200: answer(z.object({ position: wirePosition })) },
  });
  add("get", "/api/trading/capacity", "The largest market orders that would be taken now, and what binds", {
    request: { query: capacityRequest },
    responses: { 200: answer(capacityReply) },
  });
}
