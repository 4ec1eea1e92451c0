import { brokenFilterValues, sampler } from "./broken-values.ts";
import type { Case } from "./cases.ts";
import type { Operation } from "./operations.ts";

/** All lists read their filters by the same rules: what is broken about a kind of field is tried whole at the first list that has it. */
const ofLists = sampler();
const ofExports = sampler({ isExport: true });

const json = (value: unknown): string => encodeURIComponent(JSON.stringify(value));

/** Queries of a declared list or export. */
export function rowsCases({ resource, path, query }: Operation): Case[] {
  if (resource === undefined) return [];
  const cases: Case[] = [];
  const sample = path.endsWith("/export.csv") ? ofExports : ofLists;
  const add = (what: string, text: string, field?: string): void =>
    void cases.push({
      what,
      asked: { method: "GET", path: `${path.replace("{id}", "1")}?${text}` },
      ...(field === undefined ? {} : { field }),
    });
  for (const text of ["{", "[]", "1", '"x"', "%00", "NaN"]) add(`filter ${text}`, `filter=${text}`, "filter");
  for (const name of ["nope", "__proto__", "constructor", "toString", "id_in", "id_like", "hasOwnProperty_gte"])
    add(`filter by ${name}`, `filter=${encodeURIComponent(`{"${name}":1}`)}`, name);
  for (const { field, spec, filterable } of resource.columns.values()) {
    if (!filterable) {
      add(`filter by ${field}`, `filter=${json({ [field]: "x" })}`, field);
      continue;
    }
    const reveals = resource.declaration.reveals?.includes("admin") ?? false;
    if (spec.personal === true && !reveals) continue;
    const { isFirst, values } = sample(spec, brokenFilterValues(spec));
    for (const [what, value] of values) {
      add(`${field}: ${what}`, `filter=${json({ [field]: value })}`, field);
      if (!isFirst) continue;
      if (!Array.isArray(value))
        add(`${field} from: ${what}`, `filter=${json({ [`${field}_gte`]: value })}`, `${field}_gte`);
      add(`${field} one of: ${what}`, `filter=${json({ [field]: [value] })}`, field);
    }
    if (isFirst) add(`${field}: 501 values`, `filter=${json({ [field]: Array(501).fill(1) })}`, field);
  }
  if (resource.declaration.search !== undefined)
    for (const value of ["x".repeat(101), "a\u0000b", 1, null, ["x"]])
      add(`q ${value}`, `filter=${json({ q: value })}`, "q");
  for (const sort of [
    "x",
    1,
    {},
    ["id"],
    ["nope", "ASC"],
    ["id", "UP"],
    ["id", "asc; --"],
    ["__proto__", "ASC"],
    [["id"], "ASC"],
  ])
    add(`sort ${JSON.stringify(sort)}`, `sort=${json(sort)}`, "sort");
  if (query.includes("range"))
    for (const range of ["x", [0], [-1, 5], [5, 1], ["0", "9"], [0.5, 2], [0, 1e40], [0, 1, 2], null])
      add(`range ${JSON.stringify(range)}`, `range=${json(range)}`, "range");
  if (query.includes("profile"))
    for (const one of ["nope", "", "%00"]) add(`profile ${one}`, `profile=${one}`, "profile");
  for (const name of ["embed", "page", "toString", "__proto__", "constructor"])
    add(`parameter ${name}`, `${name}=[]`, name);
  add("filter twice", "filter={}&filter={}", "filter");
  return [...cases, { what: "25 KiB", asked: { method: "GET", path: `${path}?filter=${"x".repeat(25 * 1024)}` } }];
}
