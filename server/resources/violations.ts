import type { Locale } from "#contracts/names.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { inLocale, type MessageKey, says } from "./messages.ts";
import type { Resource } from "./model.ts";

interface Violation {
  readonly code: string;
  readonly constraint?: string;
  readonly column?: string;
  readonly table?: string;
}

const messageOf: Readonly<Record<string, MessageKey>> = {
  "23502": "notNull",
  "23503": "reference",
  "23505": "taken",
  "23514": "notAllowed",
  "22003": "tooLarge",
};

/**
 * Turns a database constraint's no into the field and sentence a person can act on: by the constraint's name in the
 * declaration, else by the column its name begins with. What is no violation is thrown on.
 */
export function explainViolation(error: unknown, resource: Resource, locale: Locale): never {
  const violation = readViolation(error);
  const message = violation === null ? undefined : messageOf[violation.code];
  if (violation === null || message === undefined) throw error;
  const declared = resource.declaration.constraints?.[violation.constraint ?? ""];
  const field = declared?.field ?? guessField(resource, violation);
  const sentence = declared === undefined ? says(message, locale) : inLocale(declared.says, locale);
  if (field === undefined) throw new ProblemError(409, "CONFLICT", says("conflict", locale));
  throw new ProblemError(422, "INVALID_REQUEST", says("invalid", locale), { errors: { [field]: sentence } });
}

/** A delete that other rows stand on. */
export function explainDeleteViolation(error: unknown, locale: Locale): never {
  if (readViolation(error)?.code === "23503") throw new ProblemError(409, "IN_USE", says("inUse", locale));
  throw error;
}

function readViolation(error: unknown): Violation | null {
  if (typeof error !== "object" || error === null || !("code" in error) || typeof error.code !== "string") return null;
  return error as Violation;
}

/** `session_calendars_zone_known` -> zone; the longest column that fits wins. */
function guessField(resource: Resource, { constraint = "", column, table = "" }: Violation): string | undefined {
  const columns = [...resource.columns.values()];
  if (column !== undefined && column !== "") return columns.find(({ name }) => name === column)?.field;
  const rest = constraint.startsWith(`${table}_`) ? constraint.slice(table.length + 1) : constraint;
  if (rest === "pkey") return resource.id.field;
  return columns.filter(({ name }) => rest.startsWith(name)).sort((a, b) => b.name.length - a.name.length)[0]?.field;
}
