import type { Knex } from "knex";
import type { PageOf } from "./deep-pages.ts";
import type { Column } from "./model.ts";
import { matching, sqlTypeOf } from "./rows.ts";

/** Values that can be counted through: instants in microseconds, days, whole numbers. */
interface Scale {
  readonly numberSql: string;
  readonly toValue: (at: bigint) => string;
}

const whole: Scale = { numberSql: "??::bigint", toValue: (at) => `${at}` };
const instants: Scale = {
  numberSql: "(extract(epoch FROM ??) * 1000000)::bigint",
  toValue: (at) =>
    `${new Date(Number(at / 1_000n)).toISOString().slice(0, -1)}${String(at % 1_000n).padStart(3, "0")}Z`,
};
const days: Scale = {
  numberSql: "(extract(epoch FROM ??) / 86400)::bigint",
  toValue: (at) => new Date(Number(at) * 86_400_000).toISOString().slice(0, 10),
};

function scaleOf({ spec }: Column): Scale | null {
  if (spec.kind === "time") return instants;
  if (spec.kind === "date") return days;
  if (spec.kind === "integer" || spec.kind === "lots") return whole;
  return (spec.kind === "id" || spec.kind === "ref") && spec.shape === "bigint" ? whole : null;
}

/** Guesses of one jump, and how near is near enough: no list is numbered better than its estimate. */
const guessesMax = 12;
const nearEnough = 0.005;

/**
 * The value of the sorted column before which about so many rows lie, by the planner's statistics alone; null: they do not tell, as
 * for text or for figures that a view works out.
 */
export async function jumpTo(of: PageOf, listPosition: number): Promise<string | null> {
  const { column, direction } = of.request.sort;
  const scale = scaleOf(column);
  if (scale === null) return null;
  const position = listPosition - (await withoutValue(of));
  const [first, last] = [await endOf(of, scale, direction), await endOf(of, scale, turned(direction))];
  if (first === null || last === null) return null;
  let [from, to] = [
    { at: first, rank: await rankOf(of, scale, first) },
    { at: last, rank: await rankOf(of, scale, last) },
  ];
  const all = to.rank - from.rank;
  if (from.rank > position || to.rank < position || all < position / 2) return null;
  for (let guess = 0; guess < guessesMax; guess++) {
    const share = (position - from.rank) / Math.max(to.rank - from.rank, 1);
    // Between the straight line and the middle: a lump of values does not hold it up.
    const mixed = guess % 3 === 2 ? 0.5 : Math.min(Math.max(share, 0.01), 0.99);
    const at = from.at + BigInt(Math.round(Number(to.at - from.at) * mixed));
    if (at === from.at || at === to.at) break;
    const found = { at, rank: await rankOf(of, scale, at) };
    if (Math.abs(found.rank - position) <= all * nearEnough) return scale.toValue(found.at);
    if (found.rank < position) from = found;
    else to = found;
  }
  return scale.toValue(position - from.rank <= to.rank - position ? from.at : to.at);
}

const turned = (direction: "ASC" | "DESC"): "ASC" | "DESC" => (direction === "ASC" ? "DESC" : "ASC");

/** The first value in a direction that is not NULL. */
async function endOf(
  { db, resource, staff, request }: PageOf,
  { numberSql }: Scale,
  direction: "ASC" | "DESC",
): Promise<bigint | null> {
  const name = `${resource.declaration.source}.${request.sort.column.name}`;
  const [row] = await matching(db, resource, staff, request.conditions)
    .whereNotNull(name)
    .orderBy(name, direction)
    .limit(1)
    .select(db.raw(`${numberSql} AS at`, [name]));
  return row === undefined ? null : BigInt(row.at);
}

/** About how many rows come before a value, leaving out those without one. */
function rankOf(of: PageOf, scale: Scale, at: bigint): Promise<number> {
  const { column, direction } = of.request.sort;
  const before = `?? ${direction === "ASC" ? "<" : ">"} ?::${sqlTypeOf(column)}`;
  return estimated(of, (query, name) => query.whereRaw(before, [name, scale.toValue(at)]));
}

/** Going down, rows without a value come first; the planner is asked apart, as it counts "greater or none" as if they had to do with each other. */
const withoutValue = (of: PageOf): Promise<number> =>
  of.request.sort.direction === "DESC" && of.request.sort.column.spec.nullable === true
    ? estimated(of, (query, name) => query.whereNull(name))
    : Promise.resolve(0);

/** How many rows of the list the planner expects under one more condition on the sorted column. */
async function estimated(
  { db, resource, staff, request }: PageOf,
  narrow: (query: Knex.QueryBuilder, name: string) => Knex.QueryBuilder,
): Promise<number> {
  const name = `${resource.declaration.source}.${request.sort.column.name}`;
  const { sql, bindings } = narrow(matching(db, resource, staff, request.conditions), name)
    .select(db.raw("1"))
    .toSQL();
  const { rows } = await db.raw(`EXPLAIN (FORMAT JSON) ${sql}`, [...bindings]);
  return Number(rows[0]?.["QUERY PLAN"]?.[0]?.Plan?.["Plan Rows"] ?? 0);
}
