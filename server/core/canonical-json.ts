import { assert } from "./result.ts";

/** What a signed document may hold: no fractions, so that every value has exactly one text in every language. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The one text of a document that is hashed and signed: no spaces, keys in the order of their code units, numbers whole.
 * Source: RFC 8785 (JSON Canonicalization Scheme), of which this is the part without fractions.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "number") assert(Number.isSafeInteger(value), `${value} in a signed document`);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/**
 * The text of a document as it is handed out: for people, and in one spelling only. Whoever checks it can demand exactly this
 * text back, so that not even a space can be changed.
 */
export const documentText = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;
