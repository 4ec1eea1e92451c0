import { z } from "zod";
import { decimal, instant } from "./wire-values.ts";

/** An account's daily statement as its trader is told of it. Money is a decimal in major units of the account's currency. */
export const wireStatement = z.object({
  id: z.string(),
  accountId: z.uuid(),
  /** YYYY-MM-DD: the closed book date it is of. */
  bookDate: z.iso.date(),
  currency: z.string(),
  /** opening + moved = closing; the next statement opens with closing. */
  opening: decimal,
  moved: decimal,
  closing: decimal,
  /** For positions, orders and withdrawals when the date was closed. */
  held: decimal,
  /** How many entries moved it. */
  movements: z.int(),
  /** What moved, by kind: "fee", "realized-pnl", "deposit" ... */
  totals: z.record(z.string(), decimal),
  /** null: a position has no settlement price. */
  openPnl: decimal.nullable(),
  positions: z.array(
    z.object({
      instrument: z.string(),
      /** Signed: + long, - short. */
      lots: z.string(),
      averagePrice: decimal,
      /** null: the instrument has none yet. `priceDate`: the trade date it was made for. */
      settlementPrice: decimal.nullable(),
      priceDate: z.iso.date().nullable(),
      openPnl: decimal.nullable(),
    }),
  ),
  /** SHA-256 over all of it. */
  hash: z.string(),
  madeAt: instant,
});
export type WireStatement = z.infer<typeof wireStatement>;

export const statementsReply = z.object({ statements: z.array(wireStatement), next: z.string().nullable() });
export type StatementsReply = z.infer<typeof statementsReply>;
