import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { HttpError } from "react-admin";
import { loadResources } from "../../server/resources/index.ts";
import { type Bodies, bodiesOf } from "./support/bodies.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { aStaff } from "./support/world.ts";

/** Every call of react-admin's own ra-data-simple-rest provider, over HTTP, for every declared resource. */
const resources = await loadResources();
const names = [...resources.keys()];
const admin = aStaff("admin");
const firstPage = { pagination: { page: 1, perPage: 25 }, sort: { field: "id", order: "ASC" as const }, filter: {} };

let desk: Desk;
let provider: ReturnType<Desk["provider"]>;
beforeAll(async () => {
  desk = await openDesk();
  provider = desk.provider(admin);
});
afterAll(() => desk?.close());

const declares = (operation: "create" | "update" | "delete"): string[] =>
  names.filter((name) => resources.get(name)?.declaration.operations[operation] !== undefined);

const bodies = (name: string): Bodies => {
  const found = bodiesOf(desk.world)[name];
  if (found === undefined) throw new Error(`${name} can be written, but no test body is given for it`);
  return found;
};

const refusal = async (call: Promise<unknown>): Promise<HttpError> => {
  try {
    await call;
  } catch (error) {
    return error as HttpError;
  }
  throw new Error("the call was not refused");
};

describe.each(names)("%s", (name) => {
  test("getList gives rows with ids, the total, and pages that do not overlap", async () => {
    const whole = await provider.getList(name, firstPage);
    expect(whole.data.length).toBeGreaterThan(0);
    if (whole.data.length < 25) expect(whole.total).toBe(whole.data.length);
    else expect(whole.total).toBeGreaterThanOrEqual(25);
    const ids = whole.data.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const half = Math.ceil(ids.length / 2);
    const pages = await Promise.all(
      [1, 2].map((page) => provider.getList(name, { ...firstPage, pagination: { page, perPage: half } })),
    );
    expect(pages.flatMap(({ data }) => data.map(({ id }) => id)).slice(0, ids.length)).toEqual(ids);
  });

  test("getList sorts by every sortable field, both ways", async () => {
    for (const { field, sortable } of resources.get(name)?.columns.values() ?? []) {
      if (!sortable) continue;
      for (const order of ["ASC", "DESC"] as const)
        expect((await provider.getList(name, { ...firstPage, sort: { field, order } })).data.length).toBeGreaterThan(0);
    }
  });

  test("a row is found by each of its filterable values", async () => {
    const [row] = (await provider.getList(name, firstPage)).data;
    for (const { field, filterable, spec } of resources.get(name)?.columns.values() ?? []) {
      const value = row?.[field];
      if (!filterable || value === "" || spec.kind === "texts") continue;
      // A time is shown in milliseconds but stored in microseconds: it is found by its bounds.
      const filter = spec.kind === "time" && value !== null ? { [`${field}_gte`]: value } : { [field]: value };
      const { data } = await provider.getList(name, { ...firstPage, filter });
      expect({ field, ids: data.map(({ id }) => id) }).toEqual({ field, ids: expect.arrayContaining([row?.id]) });
    }
  });

  test("getOne gives the row of the list", async () => {
    const [row] = (await provider.getList(name, firstPage)).data;
    expect((await provider.getOne(name, { id: row?.id })).data).toEqual(row);
  });

  test("getMany gives exactly the rows asked for", async () => {
    const ids = (await provider.getList(name, firstPage)).data.map(({ id }) => id);
    const { data } = await provider.getMany(name, { ids });
    expect(new Set(data.map(({ id }) => id))).toEqual(new Set(ids));
  });

  test("getManyReference gives the rows that refer to a record", async () => {
    const rows = (await provider.getList(name, firstPage)).data;
    for (const { field, spec, filterable } of resources.get(name)?.columns.values() ?? []) {
      const id = rows.find((row) => row[field] !== null)?.[field];
      if (spec.kind !== "ref" || !filterable || id === undefined) continue;
      const { data, total } = await provider.getManyReference(name, { ...firstPage, target: field, id });
      expect(total).toBeGreaterThan(0);
      expect(new Set(data.map((row) => row[field]))).toEqual(new Set([id]));
    }
  });

  test("what is not declared is refused: 404 for records, 400 for filters and orders", async () => {
    const missing = {
      uuid: "00000000-0000-4000-8000-000000000000",
      integer: "999999",
      bigint: "999999",
      text: "NOSUCH",
    };
    const spec = resources.get(name)?.id.spec;
    const id = spec?.kind === "id" ? missing[spec.shape] : "";
    for (const unknown of [id, "%00", "'; DROP TABLE orders; --", "../staff"])
      expect((await refusal(provider.getOne(name, { id: unknown }))).status).toBe(404);
    for (const filter of [{ nonsense: 1 }, { password_hash: "x" }, { id_within: 1 }, { id: { $gt: "" } }]) {
      const error = await refusal(provider.getList(name, { ...firstPage, filter }));
      expect([error.status, Object.keys(error.body.errors)]).toEqual([400, Object.keys(filter)]);
    }
    for (const field of ["nonsense", "password_hash", "id; DROP TABLE orders"])
      expect((await refusal(provider.getList(name, { ...firstPage, sort: { field, order: "ASC" } }))).status).toBe(400);
    const operations = resources.get(name)?.declaration.operations ?? {};
    if (operations.create === undefined) expect((await refusal(provider.create(name, { data: {} }))).status).toBe(404);
    if (operations.update === undefined)
      expect((await refusal(provider.update(name, { id, data: {}, previousData: { id } }))).status).toBe(404);
    if (operations.delete === undefined) expect((await refusal(provider.delete(name, { id }))).status).toBe(404);
  });
});

describe.each(declares("create"))("%s, written", (name) => {
  test("create, update, updateMany and delete do what they say, and tell it after the commit", async () => {
    const { create, change } = bodies(name);
    const { password: _never, ...shown } = create;
    const { data: made } = await provider.create(name, { data: create });
    expect(made).toMatchObject(shown);
    expect(made).not.toHaveProperty("password");
    expect(desk.announced.at(-1)).toEqual({ kind: "changed", resource: name, id: String(made.id) });
    const { data: stored } = await provider.getOne(name, { id: made.id });
    if (!declares("update").includes(name) || change === undefined) return;
    const { data: changed } = await provider.update(name, {
      id: made.id,
      data: { ...stored, ...change },
      previousData: stored,
    });
    expect(changed).toMatchObject({ ...shown, ...change, version: stored.version + 1 });
    const again = { name: "Changed by many", version: changed.version };
    if ("name" in shown) {
      expect((await provider.updateMany(name, { ids: [made.id], data: again })).data).toEqual([made.id]);
      expect((await provider.getOne(name, { id: made.id })).data).toEqual({
        ...changed,
        name: "Changed by many",
        version: changed.version + 1,
        updatedAt: expect.any(String),
      });
    }
    if (!declares("delete").includes(name)) return;
    expect((await provider.delete(name, { id: made.id, previousData: changed })).data?.id).toBe(made.id);
    expect((await refusal(provider.getOne(name, { id: made.id }))).status).toBe(404);
  });

  test("a wrong record is refused with the field at fault, and nothing is written", async () => {
    const { wrong } = bodies(name);
    const count = async (): Promise<unknown> => (await provider.getList(name, firstPage)).total;
    const before = await count();
    const error = await refusal(provider.create(name, { data: wrong.body }));
    expect([error.status, Object.keys(error.body.errors)]).toEqual([422, expect.arrayContaining([wrong.field])]);
    expect(error.body).toMatchObject({ detail: error.message, traceId: expect.any(String) });
    expect(await count()).toBe(before);
  });

  test("unknown and system fields are refused by name", async () => {
    const { create } = bodies(name);
    const unknown = await refusal(provider.create(name, { data: { ...create, isAdmin: true } }));
    expect([unknown.status, unknown.body.errors]).toEqual([400, { isAdmin: "unknown field" }]);
    const system = await refusal(provider.create(name, { data: { ...create, createdAt: "2020-01-01T00:00:00Z" } }));
    expect([system.status, Object.keys(system.body.errors)]).toEqual([422, ["createdAt"]]);
  });
});

describe.each(declares("update"))("%s, changed by two", (name) => {
  test("an old version is refused with 412 and the record as it is now; no version with 428", async () => {
    const [row] = (await provider.getList(name, { ...firstPage, pagination: { page: 1, perPage: 1 } })).data;
    const old = { ...row, version: (row?.version as number) + 5 };
    const error = await refusal(provider.update(name, { id: row?.id, data: old, previousData: row }));
    expect([error.status, error.body.current.id]).toEqual([412, row?.id]);
    const { version: _unsaid, ...bare } = row ?? {};
    expect((await refusal(provider.update(name, { id: row?.id, data: bare, previousData: row }))).status).toBe(428);
  });
});

test("getMany of 300 ids gives 300 rows; of 501 it is refused", async () => {
  await desk.database.owner.raw(
    "INSERT INTO traders (tenant_id, name) SELECT ?, 'Trader ' || n FROM generate_series(1, 300) n",
    [desk.world.beta.id],
  );
  const rows = await desk.database.owner("traders").where("name", "like", "Trader %").select("id");
  const ids: string[] = rows.map(({ id }) => id);
  expect((await provider.getMany("traders", { ids })).data).toHaveLength(300);
  const tooMany = Array.from({ length: 501 }, (_, n) => n + 1);
  expect((await refusal(provider.getMany("partners", { ids: tooMany }))).status).toBe(400);
});

test("a list page is cut at 200 rows, and one beyond 10,000 rows is refused with advice", async () => {
  const { data, total } = await provider.getList("traders", { ...firstPage, pagination: { page: 1, perPage: 1000 } });
  expect([data.length, (total ?? 0) > 300]).toEqual([200, true]);
  const beyond = await provider.getList("traders", { ...firstPage, pagination: { page: 401, perPage: 25 } });
  expect(beyond.data).toEqual([]);
});
