import { z } from "zod";
import { linkSignals } from "./link-names.ts";
import { lossRuleCell } from "./loss-rule.ts";
import { isPlainText } from "./plain-text.ts";
import { foundInNames } from "./reconciliation-names.ts";
import { whatIfResult } from "./what-if.ts";

/** What json fields hold; a declaration names its schema by key. */
const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a local time such as 17:00");
const localDate = z.iso.date("must be a date such as 2026-11-22");
const dayName = z
  .string()
  .min(1)
  .max(80)
  .refine((name) => isPlainText(name), "must not contain control characters");
const weekTime = z.strictObject({ weekday: z.int().min(0).max(6), time: localTime });

const calendarSessions = z
  .array(
    z
      .strictObject({ validFrom: localDate, validTo: localDate.nullable(), open: weekTime, close: weekTime })
      .refine(({ validFrom, validTo }) => validTo === null || validFrom <= validTo, {
        path: ["validTo"],
        message: "must not be before the first day",
      }),
  )
  .min(1, "a calendar needs at least one session")
  .max(200);

const calendarHolidays = z
  .array(z.strictObject({ date: localDate, name: dayName, closesAt: localTime.nullable() }))
  .max(500)
  .refine((holidays) => new Set(holidays.map(({ date }) => date)).size === holidays.length, "names one date twice");

/** A row as the audit log keeps it: its fields by name. */
const recordImage = z.record(z.string(), z.unknown());

/** The checks of an order decision, as trading-api's wireCheck. */
const orderChecks = z.array(z.record(z.string(), z.unknown()));

/** Instrument -> the quote it was weighed by, as prices. */
const quotes = z.record(z.string(), z.strictObject({ seq: z.string(), bid: z.string(), ask: z.string() }));

const comparedList = z.strictObject({ count: z.int(), ours: z.string(), theirs: z.string() });
const foundIn = z.enum(foundInNames);

/** What a reconciliation came to, by currency: decimals in major units; `theirs` null where the channel does not say what it has. */
export const reconciliationTotals = z.array(
  z.strictObject({
    currency: z.string(),
    lists: z.record(foundIn, comparedList),
    ...{ ours: z.string(), theirs: z.string().nullable(), aside: z.string(), explained: z.string() },
    unexplained: z.string().nullable(),
  }),
);

/** What a link's score comes from, the strongest first: points = weight × rarity × recency × regularity × factor. */
export const linkEvidence = z.array(
  z.strictObject({
    ...{ signal: z.enum(linkSignals), shown: z.string(), sharers: z.int(), ageDays: z.int(), days: z.int().nullable() },
    ...{ weight: z.number(), rarity: z.number(), recency: z.number(), regularity: z.number(), factor: z.number() },
    points: z.number(),
  }),
);

export const jsonSchemas: Readonly<Record<string, z.ZodType>> = {
  "calendar-sessions": calendarSessions,
  "calendar-holidays": calendarHolidays,
  "record-image": recordImage,
  "order-checks": orderChecks,
  quotes,
  "step-figures": recordImage,
  "reconciliation-totals": reconciliationTotals,
  "link-evidence": linkEvidence,
  "loss-rule": lossRuleCell,
  "what-if": whatIfResult,
};
