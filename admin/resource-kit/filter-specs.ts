import type { Field } from "#contracts/field.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { isFigure, isFilterable } from "../providers/fields.ts";

/** One filter as a person sees it: a field, and how it is asked. A range is one filter with two ends. */
export interface FilterSpec {
  readonly name: string;
  readonly field: Field;
  readonly kind: "equal" | "range" | "like";
}

/** Keys of the request that a filter may set. */
export const keysOf = ({ name, kind }: FilterSpec): readonly string[] =>
  kind === "range" ? [`${name}_gte`, `${name}_lte`] : [kind === "like" ? `${name}_like` : name];

/**
 * The declared filters in their order; without a declaration, every field that may be filtered by. `inForce`: keys that a link has
 * set, which are shown whether declared or not, so that nobody takes a narrowed list for the whole.
 */
export function filterSpecs(declaration: ResourceDeclaration, inForce: readonly string[] = []): readonly FilterSpec[] {
  const asked = [...(declaration.filters ?? Object.keys(declaration.fields)), ...inForce];
  const names = [...new Set(asked.map((key) => key.replace(/_(gte|lte|gt|lt|neq|like)$/, "")))];
  return names.flatMap((name): FilterSpec[] => {
    const field = declaration.fields[name];
    if (field === undefined || !isFilterable(field)) return [];
    return [{ name, field, kind: kindOf(name, field, asked) }];
  });
}

function kindOf(name: string, field: Field, asked: readonly string[]): FilterSpec["kind"] {
  if (field.kind === "time" || field.kind === "date" || isFigure(field)) return "range";
  return asked.includes(`${name}_like`) ? "like" : "equal";
}
