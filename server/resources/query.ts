import type { Locale } from "#contracts/names.ts";
import { type FilterOperator, filterOperators, idListMax, pageRowsMax } from "#contracts/operators.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { filterValue } from "./filter-values.ts";
import { type MessageKey, says, saysOrKeeps } from "./messages.ts";
import type { Column, Resource } from "./model.ts";
import type { Masks } from "./permissions.ts";

type Value = string | number | boolean;

export type Condition =
  | {
      readonly kind: "compare";
      readonly column: Column;
      readonly operator: FilterOperator | "eq";
      readonly value: Value;
    }
  | { readonly kind: "one-of"; readonly column: Column; readonly values: readonly Value[] }
  | { readonly kind: "empty"; readonly column: Column; readonly empty: boolean }
  | { readonly kind: "search"; readonly columns: readonly Column[]; readonly text: string };

export interface RowsRequest {
  readonly conditions: readonly Condition[];
  readonly sort: { readonly column: Column; readonly direction: "ASC" | "DESC" };
}

export interface ListRequest extends RowsRequest {
  readonly first: number;
  readonly rows: number;
  /** A getMany: named ids and nothing else, answered whole. */
  readonly byIds: boolean;
}

/** Who asks: what he may not see, he may not search by either. */
export interface Asker {
  readonly locale: Locale;
  readonly masks: Masks;
}

const defaultRows = 25;
const searchCharsMax = 100;

/** Reads filter, sort and range as ra-data-simple-rest sends them; throws a 400 naming what is not offered. */
export function parseListRequest(resource: Resource, query: Record<string, unknown>, asker: Asker): ListRequest {
  const problems = new Problems(asker.locale);
  const parameters = readParameters(query, ["filter", "sort", "range"], problems);
  const conditions = parseFilter(resource, parameters.filter, asker, problems);
  const sort = parseSort(resource, parameters.sort, asker, problems);
  const byIds = parameters.range === undefined && conditions.some((condition) => isIdList(condition, resource));
  const range = byIds ? { first: 0, rows: idListMax } : parseRange(parameters.range, problems);
  problems.throwIfAny();
  return { conditions, sort, byIds, ...range };
}

/** The same for an export, which has no range but a few parameters of its own. */
export function parseExportRequest(
  resource: Resource,
  query: Record<string, unknown>,
  asker: Asker,
): RowsRequest & { readonly profile: "system" | "excel" } {
  const problems = new Problems(asker.locale);
  const parameters = readParameters(query, ["filter", "sort"], problems, ["profile"]);
  const conditions = parseFilter(resource, parameters.filter, asker, problems);
  const sort = parseSort(resource, parameters.sort, asker, problems);
  const profile = query.profile ?? "system";
  if (profile !== "system" && profile !== "excel") problems.add("profile", "choice");
  problems.throwIfAny();
  return { conditions, sort, profile: profile === "excel" ? "excel" : "system" };
}

/** A map, so that a parameter called "toString" is refused like any other. */
class Problems {
  readonly #errors = new Map<string, string>();
  readonly #locale: Locale;

  constructor(locale: Locale) {
    this.#locale = locale;
  }

  add(where: string, message: MessageKey | string): void {
    if (!this.#errors.has(where)) this.#errors.set(where, saysOrKeeps(message, this.#locale));
  }

  throwIfAny(): void {
    if (this.#errors.size > 0)
      throw new ProblemError(400, "BAD_QUERY", says("badQuery", this.#locale), {
        errors: Object.fromEntries(this.#errors),
      });
  }
}

function readParameters(
  query: Record<string, unknown>,
  json: readonly string[],
  problems: Problems,
  plain: readonly string[] = [],
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    if (plain.includes(name)) continue;
    if (!json.includes(name)) problems.add(name, "parameterUnknown");
    else if (typeof text !== "string") problems.add(name, "parameterTwice");
    else
      try {
        read[name] = JSON.parse(text);
      } catch {
        problems.add(name, "json");
      }
  }
  return read;
}

function parseFilter(resource: Resource, filter: unknown, asker: Asker, problems: Problems): Condition[] {
  if (filter === undefined || filter === null) return [];
  if (typeof filter !== "object" || Array.isArray(filter)) {
    problems.add("filter", "json");
    return [];
  }
  return Object.entries(filter).flatMap(([name, value]) => {
    const condition =
      name === "q" ? searchCondition(resource, value, asker) : fieldCondition(resource, name, value, asker);
    if (typeof condition !== "string") return condition === null ? [] : [condition];
    problems.add(name, condition);
    return [];
  });
}

/** A condition; null for an empty search; a message key where it is refused. */
function searchCondition(resource: Resource, value: unknown, asker: Asker): Condition | null | string {
  const columns = (resource.declaration.search ?? []).flatMap((field) => {
    const column = resource.columns.get(field);
    return column === undefined || asker.masks(column.spec) ? [] : [column];
  });
  if (columns.length === 0) return "filterUnknown";
  if (typeof value !== "string") return "text";
  if (value.length > searchCharsMax) return "tooLong";
  const text = value.trim();
  if (/\p{Cc}/u.test(text)) return "control";
  return text === "" ? null : { kind: "search", columns, text };
}

function fieldCondition(resource: Resource, name: string, value: unknown, asker: Asker): Condition | string {
  const operator = filterOperators.find((candidate) => name.endsWith(`_${candidate}`));
  const field = operator === undefined ? name : name.slice(0, -operator.length - 1);
  const column = resource.columns.get(field);
  if (column === undefined || !column.filterable || asker.masks(column.spec)) return "filterUnknown";
  if (operator === "like" && column.spec.kind !== "text" && column.spec.kind !== "email") return "filterUnknown";
  if (value === null) {
    if (operator !== undefined && operator !== "neq") return "notNull";
    return column.spec.nullable === true ? { kind: "empty", column, empty: operator === undefined } : "filterEmptyNull";
  }
  if (Array.isArray(value)) return operator === undefined ? listCondition(column, value) : "filterUnknown";
  const parsed = filterValue(column.spec, value);
  if (!parsed.ok) return parsed.says;
  return { kind: "compare", column, operator: operator ?? "eq", value: parsed.value };
}

function listCondition(column: Column, list: readonly unknown[]): Condition | string {
  if (list.length > idListMax) return "idsMany";
  const values: Value[] = [];
  for (const item of list) {
    const parsed = filterValue(column.spec, item);
    if (!parsed.ok) return parsed.says;
    values.push(parsed.value);
  }
  return { kind: "one-of", column, values };
}

const isIdList = (condition: Condition, resource: Resource): boolean =>
  condition.kind === "one-of" && condition.column === resource.id;

function parseSort(resource: Resource, sort: unknown, asker: Asker, problems: Problems): RowsRequest["sort"] {
  const [defaultField, defaultDirection] = resource.declaration.sort;
  const fallback = { column: resource.columns.get(defaultField) ?? resource.id, direction: defaultDirection };
  if (sort === undefined) return fallback;
  if (!Array.isArray(sort) || sort.length !== 2) {
    problems.add("sort", "sortShape");
    return fallback;
  }
  const [field, direction] = sort;
  const column = typeof field === "string" ? resource.columns.get(field) : undefined;
  if (column === undefined || !column.sortable || asker.masks(column.spec)) problems.add("sort", "sortUnknown");
  else if (direction === "ASC" || direction === "DESC") return { column, direction };
  else problems.add("sort", "sortShape");
  return fallback;
}

/** A page too large is cut to the greatest. */
function parseRange(range: unknown, problems: Problems): { first: number; rows: number } {
  if (range === undefined) return { first: 0, rows: defaultRows };
  const [first, last] = Array.isArray(range) && range.length === 2 ? range : [null, null];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first < 0 || last < first) {
    problems.add("range", "rangeShape");
    return { first: 0, rows: defaultRows };
  }
  return { first, rows: Math.min(last - first + 1, pageRowsMax) };
}

/** A page so far from any that is known, in an order of which nothing is known either, can't be found but by counting to it. */
export const tooDeep = (locale: Locale): ProblemError =>
  new ProblemError(400, "BAD_QUERY", says("badQuery", locale), { errors: { range: says("rangeDeep", locale) } });
