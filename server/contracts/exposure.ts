import { z } from "zod";
import { exposureGroupings, worstOrders } from "./exposure-names.ts";
import { assetClasses, books, type marginStages, type StaffRole } from "./names.ts";

/** Who may see the exposure desk and ask what a shock would do. Agents may not: what others hold is not theirs to know. */
export const exposureRoles: readonly StaffRole[] = ["admin", "risk"];

/** What a desk's socket asks to watch; the answers are `exposure` events with the same `view`, until it asks for another. */
export const exposureRequest = z.strictObject({
  view: z.number().int().min(0).max(1_000_000_000),
  book: z.enum(books),
  by: z.enum(exposureGroupings),
  worst: z.enum(worstOrders),
  tenantId: z.number().int().min(1).max(2_147_483_647).optional(),
  /** The agent and all below. */
  agentId: z.uuid().optional(),
  /** Only who is right below that agent, or without an agent. */
  direct: z.boolean().optional(),
  assetClass: z.enum(assetClasses).optional(),
  instrumentId: z.string().min(1).max(40).optional(),
});
export type ExposureRequest = z.infer<typeof exposureRequest>;

/** Only so many rows and accounts are told one by one; the totals count all. */
export const exposureRowsMax = 200;
export const worstAccountsMax = 20;

/** Lots and money are decimal strings. Money is of the row's currency; nothing is converted. */
export interface WireExposureSums {
  readonly currency: string;
  readonly longLots: string;
  readonly shortLots: string;
  readonly netLots: string;
  readonly grossLots: string;
  /** At the last trade or else the middle of the quote; `notional` is signed. */
  readonly notional: string;
  readonly grossNotional: string;
  /** Marked at what they could be closed at. */
  readonly unrealized: string;
  /** The whole margin lines of positions and waiting orders. */
  readonly margin: string;
  readonly accounts: number;
  readonly workingOrders: number;
  /** Positions without a price: they are in the lots and in no amount of money. */
  readonly unpriced: number;
}

export interface WireExposureRow extends WireExposureSums {
  /** What the row is told again by: group and currency. */
  readonly key: string;
  readonly group: string;
}

export interface WireWorstAccount {
  readonly accountId: string;
  readonly traderId: string;
  readonly tenantId: number;
  readonly currency: string;
  readonly stage: (typeof marginStages)[number];
  readonly equity: string;
  readonly margin: string;
  readonly unrealized: string;
  /** Equity in per cent of the margin, cut to one decimal. */
  readonly level: string | null;
  /** Per cent that every price may still move against the account before it is stopped out; below zero: it is past that. */
  readonly room: string | null;
}

/**
 * What the desk is told. The first of a view is `full`; each one after it has `seq` one higher and only what changed. A jump of `seq` means that
 * one was left out: ask again.
 */
export interface ExposureNews {
  readonly view: number;
  readonly seq: number;
  readonly full: boolean;
  readonly at: string;
  readonly rows: readonly WireExposureRow[];
  /** Keys of rows that are no more. */
  readonly gone: readonly string[];
  /** Rows beyond those that are told. */
  readonly more: number;
  readonly totals: readonly WireExposureSums[];
  readonly worst: readonly WireWorstAccount[];
}

export type ExposureAnswer =
  | { readonly status: 200 }
  | {
      readonly status: 403 | 422 | 429 | 503;
      readonly code: string;
      readonly message: string;
      readonly errors?: Record<string, string>;
    };
