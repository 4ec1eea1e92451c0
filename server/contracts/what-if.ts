import { z } from "zod";
import { orderRefusalCodes } from "./order-names.ts";

const changed = {
  /** Orders that were accepted and would be refused, and the reverse. */
  added: z.int(),
  removed: z.int(),
} as const;

/** Of one trader, instrument or partner (`id`), or of all together, in one currency. Signs as in RISK.md. */
const outcome = z.object({
  ...{ id: z.string(), currency: z.string() },
  ...changed,
  lotsNotTraded: z.string(),
  /** Decimals in major units. */
  lossAvoided: z.string(),
  feesForgone: z.string(),
});
export type WireOutcome = z.infer<typeof outcome>;

/** What a change of the risk table would have done to the orders of a period. */
export const whatIfResult = z.object({
  /** Decisions that were played: accepted and refused. */
  orders: z.int(),
  /** How often a loss limit or profit trigger of the draft would have been reached; not told of rehearsals from before it was tried. */
  breaches: z.int().optional(),
  totals: z.array(outcome),
  byCode: z.array(z.object({ code: z.enum(orderRefusalCodes), ...changed })),
  /** UTC, YYYY-MM-DD. */
  byDay: z.array(z.object({ day: z.iso.date(), ...changed })),
  byTrader: z.array(outcome),
  byInstrument: z.array(outcome),
  byPartner: z.array(outcome),
});
export type WireWhatIf = z.infer<typeof whatIfResult>;
