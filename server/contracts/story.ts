import { z } from "zod";
import { wireCheck } from "./trading-api.ts";

/**
 * GET /api/admin/<resource>/<id>/story: what happened to a record, step by step, oldest first. Prices and money are decimals in
 * major units.
 */
const decimal = z.string();
const instant = z.iso.datetime();

export const storyEntry = z.object({
  at: instant,
  /** What happened, a word that the screen has a text for: accepted, amended, triggered, filled … */
  kind: z.string(),
  by: z.object({ kind: z.enum(["staff", "trader", "system"]), name: z.string().nullable() }),
  /** Milliseconds since the step before; null for the first. */
  afterMs: z.number().nullable(),
  /** The price that decided this step. `ageMs`: how old it was, from its receipt to the step. */
  quote: z
    .object({ seq: z.string(), bid: decimal, ask: decimal, venueAt: instant, receivedAt: instant, ageMs: z.number() })
    .nullable(),
  checks: z.array(wireCheck).nullable(),
  /** Values of this step by the names of their texts, in order. */
  facts: z.array(z.object({ name: z.string(), value: z.string(), before: z.string().nullable() })),
  /** Money that moved with it. */
  transfers: z.array(
    z.object({
      id: z.string(),
      code: z.string(),
      from: z.string(),
      to: z.string(),
      amount: decimal,
      currency: z.string(),
    }),
  ),
});
export type StoryEntry = z.infer<typeof storyEntry>;

export const storyReply = z.object({ entries: z.array(storyEntry) });
export type StoryReply = z.infer<typeof storyReply>;
