import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import { countedRowsMax } from "#contracts/operators.ts";
import { jumpTo } from "./jump.ts";
import type { Resource } from "./model.ts";
import { type Mark, PageMarks } from "./page-marks.ts";
import type { ListRequest, RowsRequest } from "./query.ts";
import { inOrder, matching, namesOf, type Row, sqlTypeOf } from "./rows.ts";

/** Of whom and of what a page is asked. */
export interface PageOf {
  readonly db: Knex;
  readonly resource: Resource;
  readonly staff: StaffIdentity;
  readonly request: ListRequest;
}

/** How many rows a list has: exactly, or by the planner's estimate. */
export interface Total {
  readonly total: number;
  readonly estimated: boolean;
}

/** null: the page can't be found. */
export type DeepPages = (of: PageOf, total: Total) => Promise<Row[] | null>;

/** So many rows may lie between a known row and the page: a few pages on, not a walk. */
const reach = 2_000;
const sortName = "page_mark_sort";

/**
 * Pages of lists of any length. Up to `countedRowsMax` rows by their number. Deeper ones begin at a known row nearby: one that was
 * shown lately, the first or the last; else at the value that lies about there by the planner's statistics. So a page costs what the first
 * one does, pages that follow each other neither repeat nor skip a row, and only a jump is "about". null: it can't be found.
 */
export function deepPages(): DeepPages {
  const marks = new PageMarks();
  return async (of, { total, estimated }) => {
    const { request, staff, resource } = of;
    if (request.byIds || !estimated) return byNumber(of);
    const list = JSON.stringify([staff.staffId, resource.name, conditionsOf(request), sortOf(request.sort)]);
    const rows = await (request.first < countedRowsMax ? byNumber(of) : deep(of, total, list));
    const [begin, end] = [rows?.at(0), rows?.at(-1)];
    if (begin !== undefined) marks.note(list, { position: request.first, mark: markOf(resource, begin) });
    if (end !== undefined && rows !== null)
      marks.note(list, { position: request.first + rows.length - 1, mark: markOf(resource, end) });
    return rows;
  };

  async function deep(of: PageOf, total: number, list: string): Promise<Row[] | null> {
    const { first, rows } = of.request;
    const known = marks.nearest(list, first, reach);
    if (known !== null) return fromMark(of, known.mark, first - known.position);
    if (first >= total) return [];
    if (first + rows + reach >= total) return fromEnd(of, total);
    const value = await jumpTo(of, first);
    return value === null ? null : fromValue(of, value);
  }
}

const conditionsOf = ({ conditions }: RowsRequest): unknown[] =>
  conditions.map((condition) =>
    condition.kind === "search"
      ? { ...condition, columns: condition.columns.map(({ name }) => name) }
      : { ...condition, column: condition.column.name },
  );
const sortOf = ({ column, direction }: RowsRequest["sort"]): string => `${column.name} ${direction}`;

const markOf = (resource: Resource, row: Row): Mark => ({
  sort: row[sortName] === null ? null : String(row[sortName]),
  id: String(row[resource.id.name]),
});

/** All that match, with what a mark is made of; nothing ordered yet. */
function selected({ db, resource, staff, request }: PageOf): Knex.QueryBuilder {
  const { source } = resource.declaration;
  return matching(db, resource, staff, request.conditions)
    .select(namesOf(resource))
    .select(db.raw("??::text AS ??", [`${source}.${request.sort.column.name}`, sortName]));
}

const byNumber = (of: PageOf): Promise<Row[]> =>
  inOrder(selected(of), of.resource, of.request.sort).limit(of.request.rows).offset(of.request.first);

/** `offset` rows from a known one; negative: before it. */
async function fromMark(of: PageOf, mark: Mark, offset: number): Promise<Row[]> {
  const { rows } = of.request;
  if (offset >= 0) {
    const query = fromHere(of, mark, of.request.sort.direction, "with");
    return inOrder(query, of.resource, of.request.sort).limit(rows).offset(offset);
  }
  const before = await backwards(of, fromHere(of, mark, turned(of.request.sort.direction), "without"), -offset);
  const missing = rows - before.length;
  return missing <= 0 ? before.slice(0, rows) : [...before, ...(await fromMark(withRows(of, missing), mark, 0))];
}

const withRows = (of: PageOf, rows: number): PageOf => ({ ...of, request: { ...of.request, rows } });

/** The page that lies so far before the end as its number says by the estimate; the last one is never empty. */
async function fromEnd(of: PageOf, total: number): Promise<Row[]> {
  const { first, rows } = of.request;
  return (await backwards(of, selected(of), total - first)).slice(0, rows);
}

/** Reads `count` rows against the order, and gives them in the order. */
async function backwards(of: PageOf, query: Knex.QueryBuilder, count: number): Promise<Row[]> {
  const { column, direction } = of.request.sort;
  const rows: Row[] = await inOrder(query, of.resource, { column, direction: turned(direction) }).limit(count);
  return rows.reverse();
}

const turned = (direction: "ASC" | "DESC"): "ASC" | "DESC" => (direction === "ASC" ? "DESC" : "ASC");

/** From the first row that has the value, or the next one. */
function fromValue(of: PageOf, value: string): Promise<Row[]> {
  const { column, direction } = of.request.sort;
  const name = `${of.resource.declaration.source}.${column.name}`;
  const query = selected(of).whereRaw(`?? ${direction === "ASC" ? ">=" : "<="} ?::${sqlTypeOf(column)}`, [name, value]);
  return inOrder(query, of.resource, of.request.sort).limit(of.request.rows);
}

/** Rows from a mark on, in the given direction; with the marked row itself or without. NULLs come last going up, first going down. */
function fromHere(
  of: PageOf,
  { sort, id }: Mark,
  direction: "ASC" | "DESC",
  own: "with" | "without",
): Knex.QueryBuilder {
  const { resource, request } = of;
  const { column } = request.sort;
  const { source } = resource.declaration;
  const [name, key] = [`${source}.${column.name}`, `${source}.${resource.id.name}`];
  const [sqlType, keyType] = [sqlTypeOf(column), sqlTypeOf(resource.id)];
  const beyond = direction === "ASC" ? ">" : "<";
  const here = own === "with" ? `${beyond}=` : beyond;
  const query = selected(of);
  if (column === resource.id) return query.whereRaw(`?? ${here} ?::${keyType}`, [key, id]);
  if (sort === null) {
    const among = (all: Knex.QueryBuilder) => all.whereNull(name).whereRaw(`?? ${here} ?::${keyType}`, [key, id]);
    return direction === "ASC" ? among(query) : query.where((all) => among(all).orWhereNotNull(name));
  }
  const after = `(??, ??) ${here} (?::${sqlType}, ?::${keyType})`;
  const bindings = [name, key, sort, id];
  // One comparison of both is what an index can begin at; NULLs, which it leaves out, are only looked for where there may be some.
  return direction === "DESC" || column.spec.nullable !== true
    ? query.whereRaw(after, bindings)
    : query.whereRaw(`(${after} OR ?? IS NULL)`, [...bindings, name]);
}
