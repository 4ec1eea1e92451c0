import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { StaffIdentity } from "#contracts/identity.ts";
import { type StaffRole, staffRoles } from "#contracts/names.ts";
import type { Operation } from "#contracts/resource.ts";
import { compileResources, loadResources } from "../../server/resources/index.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { aStaff } from "./support/world.ts";

/** Who may do what, and to which rows: every route with every role, and the walls between partners and agent lines. */
const resources = await loadResources();
const names = [...resources.keys()];

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());

const partnerStaff = (role: StaffRole, of: "alpha" | "beta" = "alpha"): StaffIdentity =>
  aStaff(role, { tenantId: desk.world[of].id });
const agentStaff = (level: 0 | 1): StaffIdentity =>
  aStaff("agent", { tenantId: desk.world.alpha.id, agentId: desk.world.alpha.agents[level] });

interface Page {
  readonly rows: { id: string | number; [field: string]: unknown }[];
  readonly status: number;
}

async function list(staff: StaffIdentity, name: string, filter: object = {}): Promise<Page> {
  const response = await desk.request(
    staff,
    `/${name}?range=[0,199]&filter=${encodeURIComponent(JSON.stringify(filter))}`,
  );
  return { status: response.status, rows: response.ok ? ((await response.json()) as Page["rows"]) : [] };
}

/** The requests of each operation, on a record that exists; the body is wrong on purpose, so that nothing is written. */
const attempts: Readonly<Record<Operation, (name: string, id: unknown) => [path: string, init: RequestInit]>> = {
  list: (name) => [`/${name}`, {}],
  read: (name, id) => [`/${name}/${id}`, {}],
  create: (name) => [`/${name}`, { method: "POST", body: '{"nonsense":1}' }],
  update: (name, id) => [`/${name}/${id}`, { method: "PUT", body: '{"nonsense":1,"version":1}' }],
  delete: (name) => [`/${name}/00000000-0000-4000-8000-000000000000`, { method: "DELETE" }],
  export: (name) => [`/${name}/export.csv`, {}],
};
/** What an allowed attempt answers. */
const allowed: Readonly<Record<Operation, number>> = {
  list: 200,
  read: 200,
  create: 400,
  update: 400,
  delete: 404,
  export: 200,
};

describe.each(names)("%s", (name) => {
  test.each(staffRoles)("each operation answers %s as declared", async (role) => {
    const staff = role === "agent" ? agentStaff(0) : aStaff(role);
    const declaration = resources.get(name)?.declaration;
    const id = ((await list(staff, name)).rows[0] ?? (await list(aStaff("admin"), name)).rows[0])?.id;
    for (const operation of Object.keys(attempts) as Operation[]) {
      const [path, init] = attempts[operation](name, id);
      const roles = declaration?.operations[operation];
      const { status } = await desk.request(staff, path, init);
      const expected = roles === undefined ? 404 : roles.includes(role) ? allowed[operation] : 403;
      expect({ operation, status }).toEqual({ operation, status: expected });
    }
    for (const [command, { roles }] of Object.entries(declaration?.commands ?? {})) {
      const { status } = await desk.request(staff, `/${name}/${id}/commands/${command}`, {
        method: "POST",
        body: '{"nonsense":1}',
      });
      expect({ command, status }).toEqual({ command, status: roles.includes(role) ? 400 : 403 });
    }
  });

  test("nobody gets in without a login, and no operation has a second door", async () => {
    expect((await fetch(`${desk.url}/${name}`)).status).toBe(401);
    const admin = aStaff("admin");
    const doors: [path: string, init: RequestInit][] = [
      [`/${name}/x/commands/nonsense`, { method: "POST", body: "{}" }],
      [`/${name}`, { method: "DELETE" }],
      [`/${name}`, { method: "PATCH", body: "{}" }],
      [`/${name}?_method=DELETE`, { method: "PUT", body: "{}" }],
    ];
    for (const [path, init] of doors) expect((await desk.request(admin, path, init)).status).toBe(404);
  });

  test("staff of a partner see no row of another: by list, id, ids, filter or export", async () => {
    const column = [...(resources.get(name)?.columns.values() ?? [])].find(
      (candidate) => candidate.name === resources.get(name)?.declaration.scope.tenantColumn,
    );
    if (column === undefined) return;
    const mine = partnerStaff("admin");
    const foreign = (await list(aStaff("admin"), name, { [column.field]: desk.world.beta.id })).rows;
    expect(foreign.length).toBeGreaterThan(0);
    const seen = await list(mine, name);
    expect(seen.rows.length).toBeGreaterThan(0);
    const shared = resources.get(name)?.declaration.scope.shared === true ? [null] : [];
    for (const row of seen.rows) expect([desk.world.alpha.id, ...shared]).toContain(row[column.field]);
    const ids = foreign.map(({ id }) => id);
    expect(await list(mine, name, { id: ids })).toEqual({ status: 200, rows: [] });
    expect(await list(mine, name, { [column.field]: desk.world.beta.id })).toEqual({ status: 200, rows: [] });
    const other = await desk.request(mine, `/${name}/${ids[0]}`);
    const unknown = await desk.request(
      mine,
      `/${name}/${typeof ids[0] === "number" ? 99999 : "00000000-0000-4000-8000-000000000000"}`,
    );
    const body = async (response: Response) => ({ ...((await response.json()) as object), traceId: "" });
    expect([other.status, await body(other)]).toEqual([404, await body(unknown)]);
    const csv = await (await desk.request(mine, `/${name}/export.csv`)).text();
    for (const id of ids.filter((value) => typeof value === "string" && value.length === 36))
      expect(csv).not.toContain(id);
  });

  test("staff of a partner change no row of another, and none of the operator's own", async () => {
    const mine = partnerStaff("admin");
    const declaration = resources.get(name)?.declaration;
    const reach = new Set((await list(mine, name)).rows.map(({ id }) => id));
    const all = (await list(aStaff("admin"), name)).rows;
    const foreign = all.find(({ id }) => !reach.has(id)) ?? all[0];
    for (const [command] of Object.entries(declaration?.commands ?? {})) {
      const input = {
        reason: "x",
        state: "disabled",
        tradeMode: "halted",
        password: "tin-orbit-43-lamp",
        note: "x",
        tier: 1,
        reasonCode: "correction",
        rate1: "1",
        traderId: desk.world.beta.traders[0],
        reference: "x",
      };
      const wanted = declaration?.commands?.[command]?.input ?? {};
      const given = Object.entries(input).flatMap(([field, value]) => {
        const spec = wanted[field];
        if (spec === undefined) return [];
        return [[field, spec.kind === "choice" && !spec.options.includes(String(value)) ? spec.options[0] : value]];
      });
      const body = JSON.stringify(Object.fromEntries(given));
      const { status } = await desk.request(mine, `/${name}/${foreign?.id}/commands/${command}`, {
        method: "POST",
        body,
      });
      expect([403, 404]).toContain(status);
    }
    if (declaration?.operations.update !== undefined) {
      const body = JSON.stringify({ name: "Mine now", version: foreign?.version });
      const { status } = await desk.request(mine, `/${name}/${foreign?.id}`, { method: "PUT", body });
      expect([403, 404]).toContain(status);
    }
    expect((await list(aStaff("admin"), name)).rows).toEqual(all);
  });
});

test("a partner cannot widen its own limits, and sees the operator's beside its own", async () => {
  const mine = partnerStaff("risk");
  const body = JSON.stringify({ scope: "partner", maxPositionLots: "1000000" });
  expect((await desk.request(mine, "/risk-limits", { method: "POST", body })).status).toBe(403);
  const scopes = (await list(mine, "risk-limits")).rows.map(({ scope }) => scope);
  expect(new Set(scopes)).toEqual(new Set(["default", "partner"]));
});

test("an agent sees the traders, accounts, orders, fills and positions of the own line and below, nothing beside or above", async () => {
  const { traders, agents } = desk.world.alpha;
  const tradersSeen = async (staff: StaffIdentity, name: string): Promise<Set<unknown>> =>
    new Set((await list(staff, name)).rows.map((row) => (name === "traders" ? row.id : row.traderId)));
  for (const name of ["traders", "accounts", "orders", "fills", "positions"]) {
    expect({ name, seen: await tradersSeen(agentStaff(0), name) }).toEqual({
      name,
      seen: new Set([traders[0], traders[1]]),
    });
    expect({ name, seen: await tradersSeen(agentStaff(1), name) }).toEqual({ name, seen: new Set([traders[1]]) });
  }
  expect((await list(agentStaff(1), "agents")).rows.map(({ id }) => id)).toEqual([agents[1]]);
  expect((await desk.request(agentStaff(1), `/agents/${agents[0]}`)).status).toBe(404);
  expect((await desk.request(agentStaff(1), `/traders/${traders[1]}`)).status).toBe(200);
});

test("a reference to another partner's row is a reference to nothing", async () => {
  const body = JSON.stringify({ name: "New", agentId: desk.world.beta.agents[0] });
  const response = await desk.request(partnerStaff("support"), "/traders", { method: "POST", body });
  expect([response.status, await response.json()]).toMatchObject([
    422,
    { errors: { agentId: "There is no such record." } },
  ]);
  const other = JSON.stringify({ name: "New", tenantId: desk.world.beta.id });
  expect((await desk.request(partnerStaff("support"), "/traders", { method: "POST", body: other })).status).toBe(422);
});

test("what staff of a partner create belongs to their partner, said or not", async () => {
  const response = await desk.request(partnerStaff("support", "beta"), "/traders", {
    method: "POST",
    body: JSON.stringify({ name: "Of beta" }),
  });
  expect([response.status, await response.json()]).toMatchObject([201, { tenantId: desk.world.beta.id }]);
});

test("support sees masked e-mail addresses and can neither search, filter nor sort by them", async () => {
  const support = aStaff("support");
  const row = (await list(support, "traders", { q: "ann" })).rows[0];
  expect(row?.email).toBe(
    "a•••@beta.example".replace("beta", row?.tenantId === desk.world.alpha.id ? "alpha" : "beta"),
  );
  expect((await list(support, "traders", { email: "ann@alpha.example" })).status).toBe(400);
  expect((await list(support, "traders", { email_like: "ann@" })).status).toBe(400);
  expect((await desk.request(support, `/traders?sort=${encodeURIComponent('["email","ASC"]')}`)).status).toBe(400);
  expect((await list(aStaff("finance"), "traders", { email: "ann@alpha.example" })).rows).toHaveLength(1);
});

test("sending a masked value back changes nothing", async () => {
  const support = aStaff("support");
  const [id] = desk.world.beta.traders;
  const shown = (await list(support, "traders", { id: [id] })).rows[0];
  const body = JSON.stringify({ ...shown, name: "Ann B" });
  const response = await desk.request(support, `/traders/${id}`, { method: "PUT", body });
  expect([response.status, await response.json()]).toMatchObject([200, { name: "Ann B", email: "a•••@beta.example" }]);
  expect(await desk.database.owner("traders").where({ id }).first("email")).toEqual({ email: "ann@beta.example" });
});

test("a declaration that names an unknown role, field or resource stops the start, with all mistakes at once", () => {
  const good = resources.get("agents")?.declaration;
  if (good === undefined) throw new Error("agents is not declared");
  const bad = { ...good, list: ["nonsense"], operations: { list: ["king" as StaffRole] } };
  const calendars = resources.get("session-calendars")?.declaration;
  if (calendars === undefined) throw new Error("session-calendars is not declared");
  expect(() => compileResources([{ ...calendars, operatorOnly: ["create"] }])).toThrow(/update must be operatorOnly/);
  expect(() => compileResources([bad])).toThrow(
    /unknown field nonsense[\s\S]*unknown role king[\s\S]*unknown resource partners/,
  );
});
