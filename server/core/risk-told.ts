import type { OrderRefusalCode } from "#contracts/order-names.ts";
import type { OrderCheck } from "./order.ts";
import type { Effective } from "./risk-table.ts";

/** Writes a figure for a person. */
export type Told = (value: bigint) => string;
const plain: Told = (value) => `${value}`;

/** A limit that must not be exceeded; equal is within. */
export const atMost = (code: OrderRefusalCode, value: bigint, limit: Effective<bigint>, told = plain): OrderCheck => ({
  ...stated(code, value <= limit.value, { value: told(value), limit: told(limit.value) }, limit),
  headroom: told(limit.value - value),
});

/** A floor that must be reached; equal is enough. */
export const atLeast = (code: OrderRefusalCode, value: bigint, limit: Effective<bigint>): OrderCheck => ({
  ...stated(code, value >= limit.value, { value: plain(value), limit: plain(limit.value) }, limit),
  headroom: plain(value - limit.value),
});

/** A rule that has no room to tell. */
export const stated = (
  code: OrderRefusalCode,
  passed: boolean,
  { value, limit }: { readonly value: string | null; readonly limit: string | null },
  { source, version }: Effective<unknown>,
): OrderCheck => ({ code, passed, limit, value, headroom: null, source, version });
