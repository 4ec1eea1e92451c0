import { z } from "zod";
import { orderTypes, sides, timesInForce } from "./names.ts";
import { decimal, positiveWhole } from "./wire-values.ts";

/** What a trader may ask about orders and positions, the same over REST and the socket. Unknown keys are refused. */
const clientOrderId = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/, "must be 1 to 64 letters, digits or . _ : -");

const price = z
  .string()
  .max(40)
  .regex(/^(0|[1-9]\d{0,14})(\.\d{1,16})?$/, "must be a positive price such as 5250.25");

/**
 * Which prices a type needs: `limit` and `stop-limit` a limit price, `stop` and `stop-limit` a stop price, `market` neither. The
 * price that a market order saw (`quotedPrice`) with `maxSlippageTicks` bounds its fill.
 */
export const placeOrderRequest = z
  .strictObject({
    clientOrderId,
    accountId: z.uuid(),
    instrument: z.string().min(1).max(20),
    side: z.enum(sides),
    type: z.enum(orderTypes),
    lots: positiveWhole,
    limitPrice: price.optional(),
    stopPrice: price.optional(),
    /** Bracket of the position that this order opens: replaces the position's own when the order fills. */
    takeProfitPrice: price.optional(),
    stopLossPrice: price.optional(),
    /** Default: `gtc`. A market order never waits and takes none. */
    timeInForce: z.enum(timesInForce).optional(),
    /** For `gtd` only. */
    expiresAt: z.iso.datetime({ offset: true }).optional(),
    /** May only reduce the position, never open or turn it. */
    reduceOnly: z.boolean().optional(),
    quotedPrice: decimal.optional(),
    maxSlippageTicks: z.number().int().min(0).max(10_000).optional(),
  })
  .superRefine((order, context) => {
    const needs = (field: "limitPrice" | "stopPrice" | "expiresAt", wanted: boolean): void => {
      if (wanted === (order[field] !== undefined)) return;
      const message = wanted ? "is needed for this type of order" : "does not belong to this type of order";
      context.addIssue({ code: "custom", path: [field], message });
    };
    needs("limitPrice", order.type === "limit" || order.type === "stop-limit");
    needs("stopPrice", order.type === "stop" || order.type === "stop-limit");
    needs("expiresAt", order.timeInForce === "gtd");
    const waits = order.type === "stop" || order.type === "stop-limit";
    if (order.type === "market" && order.timeInForce !== undefined)
      context.addIssue({ code: "custom", path: ["timeInForce"], message: "a market order never waits" });
    if (waits && (order.timeInForce === "ioc" || order.timeInForce === "fok"))
      context.addIssue({ code: "custom", path: ["timeInForce"], message: "a stop order must be able to wait" });
    if (order.type !== "market" && order.maxSlippageTicks !== undefined)
      context.addIssue({ code: "custom", path: ["maxSlippageTicks"], message: "is for market orders" });
    if (order.reduceOnly === true && (order.takeProfitPrice ?? order.stopLossPrice) !== undefined)
      context.addIssue({
        code: "custom",
        path: ["reduceOnly"],
        message: "an order that only reduces opens nothing to protect",
      });
  });
export type PlaceOrderRequest = z.infer<typeof placeOrderRequest>;

/** What to change of a working order: at least one. The answer is the order as it is then; nothing else of it changes. */
export const amendOrderRequest = z
  .strictObject({ lots: positiveWhole.optional(), limitPrice: price.optional(), stopPrice: price.optional() })
  .refine((amend) => Object.values(amend).some((value) => value !== undefined), "must change something");
export type AmendOrderRequest = z.infer<typeof amendOrderRequest>;

/** Take profit and stop loss of an open position: a price sets or moves a leg, null removes it, absent leaves it. */
export const bracketRequest = z.strictObject({
  takeProfitPrice: price.nullable().optional(),
  stopLossPrice: price.nullable().optional(),
});
export type BracketRequest = z.infer<typeof bracketRequest>;

/** Closes the position and opens the same lots on the other side, in one order. */
export const reversePositionRequest = z.strictObject({ clientOrderId });
export type ReversePositionRequest = z.infer<typeof reversePositionRequest>;

/** Cancels the working orders of an account, of one instrument or of all. */
export const cancelAllRequest = z.strictObject({
  accountId: z.uuid(),
  instrument: z.string().min(1).max(20).optional(),
});
export type CancelAllRequest = z.infer<typeof cancelAllRequest>;

/** Cancels the working orders and closes the positions. The exits' client ids are `<clientOrderId>:<instrument>`, so ids are shorter here. */
export const flattenRequest = cancelAllRequest.extend({
  clientOrderId: z.string().regex(/^[A-Za-z0-9._:-]{1,40}$/, "must be 1 to 40 letters, digits or . _ : -"),
});
export type FlattenRequest = z.infer<typeof flattenRequest>;

export const capacityRequest = z.strictObject({ accountId: z.uuid(), instrument: z.string().min(1).max(20) });

/** Over the socket no path names the order or the position. */
export const cancelEventRequest = z.strictObject({ orderId: z.uuid() });
export const amendEventRequest = z
  .strictObject({
    orderId: z.uuid(),
    lots: positiveWhole.optional(),
    limitPrice: price.optional(),
    stopPrice: price.optional(),
  })
  .refine(
    ({ orderId, ...amend }) => Object.values(amend).some((value) => value !== undefined),
    "must change something",
  );
export const bracketEventRequest = bracketRequest.extend({ positionId: z.uuid() });
export const reverseEventRequest = reversePositionRequest.extend({ positionId: z.uuid() });

export const closePositionRequest = z.strictObject({
  clientOrderId,
  lots: positiveWhole.optional(),
});
export type ClosePositionRequest = z.infer<typeof closePositionRequest>;

/** The same over the socket, where no path names the position. */
export const closeEventRequest = closePositionRequest.extend({ positionId: z.uuid() });
