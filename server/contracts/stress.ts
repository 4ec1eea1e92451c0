import { z } from "zod";
import { assetClasses, books, marginStages, sides } from "./names.ts";

const shocksMax = 50;
/** Per cent with up to two decimals: "-7", "12.5". */
const percent = z
  .string()
  .regex(/^-?(0|[1-9]\d{0,3})(\.\d{1,2})?$/, "must be a number of per cent with at most two decimals, such as -7")
  .refine((text) => Number(text) > -100 && Number(text) <= 1_000, "must be above -100 and at most 1000");

const shock = z.union([
  z.strictObject({ on: z.literal("all"), percent }),
  z.strictObject({ on: z.literal("class"), assetClass: z.enum(assetClasses), percent }),
  z.strictObject({ on: z.literal("instrument"), instrumentId: z.string().min(1).max(40), percent }),
]);
export type WireShock = z.infer<typeof shock>;

export const shockKey = (one: WireShock): string =>
  one.on === "all" ? "all" : `${one.on} ${one.on === "class" ? one.assetClass : one.instrumentId}`;

/**
 * POST /api/admin/stress. What the shocks would do to the book now. One target is shocked once; an instrument's own shock counts before
 * that of its class, that before the one of all.
 */
export const stressRequest = z
  .strictObject({ book: z.enum(books), shocks: z.array(shock).min(1, "needs a shock").max(shocksMax) })
  .superRefine(({ shocks }, context) => {
    const seen = new Set<string>();
    shocks.forEach((one, at) => {
      if (seen.has(shockKey(one)))
        context.addIssue({ code: "custom", path: ["shocks", at], message: "is shocked twice" });
      seen.add(shockKey(one));
    });
  });
export type StressRequest = z.infer<typeof stressRequest>;

const money = z.string();
const count = z.number().int();
const level = z.object({
  equity: money,
  required: money,
  /** Equity in per cent of the margin required, cut to one decimal; null: none is required. */
  percent: z.string().nullable(),
});
/** `market`: what the house wins (+) or loses (-) by the move; `net`: market + fees - made good. */
const house = { market: money, fees: money, madeGood: money, net: money };

/** Only so many of the accounts that are stopped out are told one by one. */
export const stoppedOutMax = 1_000;

export const stressReply = z.object({
  at: z.iso.datetime(),
  book: z.enum(books),
  accounts: count,
  /** Accounts with a position that has no price: it does not move. */
  unpriced: count,
  totals: z.array(
    z.object({
      currency: z.string(),
      accounts: count,
      stoppedOut: count,
      equityBefore: money,
      equityAfter: money,
      stages: z.record(z.enum(marginStages), count),
      ...house,
    }),
  ),
  instruments: z.array(
    z.object({
      instrumentId: z.string(),
      currency: z.string(),
      percent: z.string(),
      bidBefore: z.string().nullable(),
      bidAfter: z.string().nullable(),
      longLots: z.string(),
      shortLots: z.string(),
      closedLots: z.string(),
      market: money,
    }),
  ),
  partners: z.array(
    z.object({ tenantId: count, name: z.string(), currency: z.string(), accounts: count, stoppedOut: count, ...house }),
  ),
  stoppedOut: z.object({
    count,
    rows: z
      .array(
        z.object({
          accountId: z.uuid(),
          traderId: z.uuid(),
          tenantId: count,
          partner: z.string(),
          currency: z.string(),
          before: level,
          shocked: level,
          after: level,
          closed: z.array(z.object({ instrumentId: z.string(), side: z.enum(sides), lots: z.string() })),
          cancelsOrders: z.boolean(),
          fees: money,
          madeGood: money,
        }),
      )
      .max(stoppedOutMax),
  }),
});
export type StressReply = z.infer<typeof stressReply>;
