import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import { countedRowsMax } from "#contracts/operators.ts";
import type { Column, Resource } from "./model.ts";
import type { Condition, RowsRequest } from "./query.ts";
import { withinScope } from "./scopes.ts";

/** A row as the database gives it, by column name. */
export type Row = Readonly<Record<string, unknown>>;

const operators = { eq: "=", gte: ">=", lte: "<=", gt: ">", lt: "<", neq: "IS DISTINCT FROM" } as const;

/** All rows of the resource that match and that this person may see; nothing selected or ordered yet. */
export function matching(
  db: Knex,
  resource: Resource,
  staff: StaffIdentity,
  conditions: readonly Condition[],
): Knex.QueryBuilder {
  const query = withinScope(db(resource.declaration.source), resource, staff);
  for (const condition of conditions) addCondition(query, condition);
  return query;
}

/**
 * The order asked for, with the id at its end, so that pages neither repeat nor skip a row. By the source's own columns: an
 * export's formatted cell of the same name would sort as text.
 */
export function inOrder(
  query: Knex.QueryBuilder,
  resource: Resource,
  { column, direction }: RowsRequest["sort"],
): Knex.QueryBuilder {
  const { source } = resource.declaration;
  query.orderBy(`${source}.${column.name}`, direction);
  return column === resource.id ? query : query.orderBy(`${source}.${resource.id.name}`, direction);
}

export async function selectOne(
  db: Knex,
  resource: Resource,
  staff: StaffIdentity,
  id: string | number,
): Promise<Row | null> {
  const query = withinScope(db(resource.declaration.source), resource, staff).where(resource.id.name, id);
  return (await query.select(namesOf(resource)).first()) ?? null;
}

/** Exact up to `countedRowsMax`; above that the planner's estimate, which costs nothing. */
export async function countRows(
  db: Knex,
  resource: Resource,
  staff: StaffIdentity,
  conditions: readonly Condition[],
): Promise<{ total: number; estimated: boolean }> {
  const some = matching(db, resource, staff, conditions)
    .select(db.raw("1"))
    .limit(countedRowsMax + 1);
  const [counted] = await db.from(some.as("some")).count({ total: "*" });
  const total = Number(counted?.total);
  if (total <= countedRowsMax) return { total, estimated: false };
  const { sql, bindings } = matching(db, resource, staff, conditions).select(db.raw("1")).toSQL();
  const { rows } = await db.raw(`EXPLAIN (FORMAT JSON) ${sql}`, [...bindings]);
  const planned: unknown = rows[0]?.["QUERY PLAN"]?.[0]?.Plan?.["Plan Rows"];
  return { total: Math.max(total, typeof planned === "number" ? Math.round(planned) : 0), estimated: true };
}

/** Of all that is selected and shown. */
export const namesOf = (resource: Resource): string[] => resource.readable.map(({ name }) => name);

function addCondition(query: Knex.QueryBuilder, condition: Condition): void {
  switch (condition.kind) {
    case "search":
      query.where((either) => {
        for (const { name } of condition.columns)
          either.orWhereRaw("??::text ILIKE ?", [name, anywhere(condition.text)]);
      });
      return;
    case "empty":
      if (condition.empty) query.whereNull(condition.column.name);
      else query.whereNotNull(condition.column.name);
      return;
    case "one-of":
      query.whereRaw(`?? = ANY (?::${sqlTypeOf(condition.column)}[])`, [
        condition.column.name,
        condition.values.map(String),
      ]);
      return;
    case "compare":
      addComparison(query, condition);
  }
}

function addComparison(
  query: Knex.QueryBuilder,
  { column, operator, value }: Extract<Condition, { kind: "compare" }>,
): void {
  if (operator === "like") query.whereRaw("?? ILIKE ?", [column.name, anywhere(String(value))]);
  else if (column.spec.kind === "texts") query.whereRaw("?? @> ARRAY[?]::text[]", [column.name, value]);
  else query.whereRaw(`?? ${operators[operator]} ?::${sqlTypeOf(column)}`, [column.name, value]);
}

const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, "\\$&")}%`;

/** The type a bound value is read as, so that indexes serve and nothing is compared as text by accident. */
export function sqlTypeOf({ spec }: Column): string {
  switch (spec.kind) {
    case "id":
    case "ref":
      return spec.shape;
    case "money":
    case "decimal":
      return "numeric";
    case "integer":
    case "boolean":
      return spec.kind;
    case "lots":
      return "bigint";
    case "time":
      return "timestamptz";
    case "date":
      return "date";
    case "clock":
      return "time";
    default:
      return "text";
  }
}
