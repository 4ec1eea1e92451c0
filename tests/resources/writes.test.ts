import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { argon2Passwords } from "../../server/platform/security/passwords.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { aStaff, mes } from "./support/world.ts";

/** What a write leaves behind: the audit entry, versions, sessions; and what must leave nothing. */
const admin = aStaff("admin");

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());
beforeEach(() => {
  desk.announced.length = 0;
});

type Answer = readonly [status: number, body: Record<string, unknown> & { errors?: Record<string, string> }];

async function send(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  staff = admin,
): Promise<Answer> {
  const init = { method, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await desk.request(staff, path, init);
  return [response.status, (await response.json()) as Answer[1]];
}
const command = (path: string, name: string, body: unknown, staff = admin): Promise<Answer> =>
  send("POST", `${path}/commands/${name}`, body, {}, staff);
const lastAudit = async (resource: string) =>
  desk.database.owner("audit_log").where({ resource }).orderBy("id", "desc").first();

describe("audit", () => {
  test("a change leaves before and after, who did it and from where; a repeat of the same leaves nothing", async () => {
    const limit = (
      await send("POST", "/risk-limits", {
        scope: "partner",
        tenantId: desk.world.alpha.id,
        instrumentId: "MES",
        maxLotsPerOrder: "5",
      })
    )[1];
    expect(await lastAudit("risk-limits")).toMatchObject({
      action: "create",
      object_id: limit.id,
      after: { maxLotsPerOrder: "5" },
    });
    const [status, changed] = await send("PUT", `/risk-limits/${limit.id}`, { maxLotsPerOrder: "6", version: 1 });
    expect([status, changed.version]).toEqual([200, 2]);
    const entry = await lastAudit("risk-limits");
    expect(entry).toMatchObject({
      action: "update",
      actor_kind: "staff",
      actor_id: admin.staffId,
      role: "admin",
      tenant_id: desk.world.alpha.id,
      before: { maxLotsPerOrder: "5", version: 1 },
      after: { maxLotsPerOrder: "6", version: 2 },
    });
    expect(entry.ip).toMatch(/127\.0\.0\.1/);
    expect(entry.trace_id).toMatch(/\S+/);
    expect(Object.keys(entry.before).sort()).toEqual(["maxLotsPerOrder", "updatedAt", "version"]);
    await send("PUT", `/risk-limits/${limit.id}`, { maxLotsPerOrder: "6", version: 2 });
    expect((await lastAudit("risk-limits")).id).toBe(entry.id);
    await send("DELETE", `/risk-limits/${limit.id}`, {});
    expect(await lastAudit("risk-limits")).toMatchObject({
      action: "delete",
      before: { maxLotsPerOrder: "6" },
      after: null,
    });
  });

  test("a password is in no audit entry and in no answer", async () => {
    const password = "violet-harbor-91-kettle";
    const [status, made] = await send("POST", "/staff", {
      name: "Sue",
      email: "sue@operator.example",
      role: "support",
      password,
    });
    expect([status, "password" in made]).toEqual([201, false]);
    await command(`/staff/${made.id}`, "reset-password", { password: `${password}-2` });
    const { rows } = await desk.database.owner.raw(
      "SELECT count(*)::int AS n FROM audit_log WHERE before::text LIKE ? OR after::text LIKE ?",
      [`%${password}%`, `%${password}%`],
    );
    expect(rows[0].n).toBe(0);
  });
});

describe("a repeated create", () => {
  test("ten at once with one idempotency key make one record and ten equal answers", async () => {
    const body = { tenantId: desk.world.alpha.id, name: "Once" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => send("POST", "/traders", body, { "Idempotency-Key": "form-1" })),
    );
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([201]));
    for (const [, made] of answers) expect(made).toEqual(answers[0]?.[1]);
    expect(await desk.database.owner("traders").where({ name: "Once" }).count({ n: "*" })).toEqual([{ n: 1n }]);
  });

  test("the same key with another body is refused", async () => {
    const body = { tenantId: desk.world.alpha.id, name: "Key" };
    await send("POST", "/traders", body, { "Idempotency-Key": "form-2" });
    const [status, { code }] = await send(
      "POST",
      "/traders",
      { ...body, name: "Other" },
      { "Idempotency-Key": "form-2" },
    );
    expect([status, code]).toEqual([409, "IDEMPOTENCY_KEY_REUSED"]);
  });

  test("a partner's private key is told once: a repeat does not have it, and nothing stored has it", async () => {
    const body = { code: "keyed", name: "Keyed" };
    const [, first] = await send("POST", "/partners", body, { "Idempotency-Key": "partner" });
    const [, second] = await send("POST", "/partners", body, { "Idempotency-Key": "partner" });
    expect(first.privateKeyPem).toMatch(/BEGIN PRIVATE KEY/);
    expect([second.id, second.privateKeyPem]).toEqual([first.id, undefined]);
    const { rows } = await desk.database.owner.raw(
      `SELECT (SELECT string_agg(response::text, '') FROM idempotency_keys) || (SELECT string_agg(concat(before, after), '') FROM audit_log) AS stored`,
    );
    expect(rows[0].stored).toContain("keyed");
    expect(rows[0].stored).not.toContain("PRIVATE KEY");
  });
});

describe("instruments", () => {
  const read = async (id: string) => (await (await desk.request(admin, `/instruments/${id}`)).json()) as Answer[1];

  test("changed contract terms become a new version; orders keep the one they were accepted under", async () => {
    const before = await read("MES");
    const [status, after] = await send("PUT", "/instruments/MES", {
      initialMargin: "2500.00",
      version: before.version,
    });
    expect([status, after.termsVersion, after.initialMargin, after.feePerSide]).toEqual([200, 2, "2500.00", "0.62"]);
    expect(
      await desk.database
        .owner("instrument_terms")
        .where({ instrument_id: "MES" })
        .orderBy("terms_version")
        .select("initial_margin_minor", "created_by"),
    ).toEqual([
      { initial_margin_minor: 240_000n, created_by: "system" },
      { initial_margin_minor: 250_000n, created_by: admin.name },
    ]);
    const { data } = await desk
      .provider(admin)
      .getList("orders", { pagination: { page: 1, perPage: 1 }, sort: { field: "id", order: "ASC" }, filter: {} });
    expect(data[0]?.termsVersion).toBe(1);
    expect(desk.announced).toEqual([{ kind: "changed", resource: "instruments", id: "MES" }]);
  });

  test("a new name makes no new terms", async () => {
    const before = await read("MES");
    const [, after] = await send("PUT", "/instruments/MES", { name: "MES again", version: before.version });
    expect([after.name, after.termsVersion]).toEqual(["MES again", before.termsVersion]);
  });

  test.each([
    ["tickValue", { tickValue: "1.30" }],
    ["tickValue", { multiplier: "10" }],
    ["tickSize", { ...mes, id: "AAA", tickSize: "0.125", tickValue: "0.62" }],
    ["tickValue", { ...mes, id: "AAA", tickSize: "0.001", priceDecimals: 3, tickValue: "0.005" }],
    ["maintenanceMargin", { maintenanceMargin: "9999.00" }],
    ["feePerSide", { feePerSide: "0.625" }],
    ["minLots", { lotStep: "3", minLots: "2" }],
    ["tickSize", { tickSize: "0.50", tickValue: "2.50" }],
    ["id", { ...mes }],
    ["currency", { ...mes, id: "AAA", currency: "XXX" }],
    ["calendarId", { ...mes, id: "AAA", calendarId: "nowhere" }],
  ])("wrong terms are refused at %s: %j", async (field, body) => {
    const { version } = await read("MES");
    const isNew = "id" in body;
    const [status, { errors = {} }] = isNew
      ? await send("POST", "/instruments", body)
      : await send("PUT", "/instruments/MES", { ...body, version });
    expect([status, Object.keys(errors)]).toEqual([422, [field]]);
    expect((await read("MES")).version).toBe(version);
  });
});

describe("bad input writes nothing", () => {
  const figures = [
    "-1",
    "0",
    "1e3",
    "NaN",
    "Infinity",
    "1,000",
    " 1",
    "0x10",
    "1.5",
    "9".repeat(40),
    "１２",
    "",
    1,
    1.5,
    true,
    [],
    {},
  ];
  test.each(figures)("a number of lots cannot be %j", async (maxLotsPerOrder) => {
    const [status, { errors }] = await send("POST", "/risk-limits", {
      scope: "default",
      instrumentId: "MES",
      maxLotsPerOrder,
    });
    expect([status, Object.keys(errors ?? {})]).toEqual([422, ["maxLotsPerOrder"]]);
  });

  const amounts = ["-0.01", "1e3", "NaN", "1,000.00", " 1", "0x10", "9".repeat(40), "1.005", 2400, null];
  test.each(amounts)("a margin cannot be %j", async (initialMargin) => {
    const [status, { errors }] = await send("POST", "/instruments", { ...mes, id: "BAD", initialMargin });
    expect([status, Object.keys(errors ?? {})]).toEqual([422, ["initialMargin"]]);
  });

  test.each([
    [400, "{"],
    [400, "[]"],
    [400, '"text"'],
    [400, "null"],
    [422, '{"__proto__":{"role":"admin"},"scope":"default"}'],
    [422, '{"scope":["default"]}'],
    [422, '{"scope":"everyone"}'],
  ])("%i for the body %s", async (expected, body) => {
    expect((await send("POST", "/risk-limits", body))[0]).toBe(expected);
    expect(({} as Record<string, unknown>).role).toBeUndefined();
  });

  test("texts of SQL, NUL and control characters are stored as they are or refused by name", async () => {
    const { id } = desk.world.alpha;
    const [status, made] = await send("POST", "/traders", { tenantId: id, name: "x'); DROP TABLE traders; --" });
    expect([status, made.name]).toEqual([201, "x'); DROP TABLE traders; --"]);
    for (const name of ["a\u0000b", "a\u001bb", "a\nb", "", "x".repeat(81)]) {
      const [refused, { errors }] = await send("POST", "/traders", { tenantId: id, name });
      expect([name, refused, Object.keys(errors ?? {})]).toEqual([name, 422, ["name"]]);
    }
  });

  test("the system's own fields cannot be changed: balance, state, tenant, version", async () => {
    const [id] = desk.world.alpha.traders;
    const shown = (await (await desk.request(admin, `/traders/${id}`)).json()) as Answer[1];
    for (const [field, value] of Object.entries({
      state: "disabled",
      tenantId: desk.world.beta.id,
      createdAt: "2020-01-01T00:00:00Z",
      id: desk.world.alpha.traders[1],
    })) {
      const [status, { errors }] = await send("PUT", `/traders/${id}`, { ...shown, [field]: value });
      expect([field, status, Object.keys(errors ?? {})]).toEqual([field, 422, [field]]);
    }
    expect((await send("PUT", `/accounts/${desk.world.alpha.accounts[0]}`, { balance: "1.00" }))[0]).toBe(404);
  });

  test("errors speak the language of who asks", async () => {
    const chinese = aStaff("admin", { locale: "zh-CN" });
    const [, body] = await send("POST", "/risk-limits", { scope: "default" }, {}, chinese);
    expect(body).toMatchObject({
      message: "部分字段缺失或有误，未保存任何内容。",
      errors: { scope: "已存在相同范围的限额，请直接修改。" },
    });
  });
});

describe("commands", () => {
  test("an instrument is halted with a reason", async () => {
    const [status, after] = await command("/instruments/MES", "set-trade-mode", {
      tradeMode: "halted",
      reason: "Venue is down",
    });
    expect([status, after.tradeMode]).toEqual([200, "halted"]);
    expect(await lastAudit("instruments")).toMatchObject({
      action: "set-trade-mode",
      before: { tradeMode: "full" },
      after: { tradeMode: "halted" },
      reason: "Venue is down",
    });
    expect((await command("/instruments/MES", "set-trade-mode", { tradeMode: "halted" }))[1].errors).toEqual({
      reason: "is needed",
    });
  });

  test("a trader, a partner, an agent and a member of staff are disabled and enabled; their sessions end", async () => {
    const { alpha } = desk.world;
    const staff = await desk.database.owner("staff").where({ email: "desk@alpha.example" }).first("id");
    const session = (kind: string, id: string) =>
      desk.database.owner("sessions").insert({
        token_hash: Buffer.from(`${kind}${id}`),
        subject_kind: kind,
        subject_id: id,
        expires_at: "2099-01-01",
      });
    await session("trader", alpha.traders[0]);
    await session("trader", alpha.traders[1]);
    await session("staff", staff.id);
    const open = async () =>
      (await desk.database.owner("sessions").whereNull("revoked_at").orderBy("subject_id").select("subject_id")).length;
    for (const [path, left] of [
      [`/traders/${alpha.traders[0]}`, 2],
      [`/partners/${alpha.id}`, 0],
      [`/staff/${staff.id}`, 0],
      [`/agents/${alpha.agents[1]}`, 0],
    ] as const) {
      const [status, after] = await command(path, "disable", { reason: "Asked by the police" });
      expect([path, status, after.state, await open()]).toEqual([path, 200, "disabled", left]);
      expect(await lastAudit(path.split("/")[1] ?? "")).toMatchObject({
        action: "disable",
        reason: "Asked by the police",
      });
      expect((await command(path, "enable", { reason: "Cleared" }))[1].state).toBe("active");
    }
    const ended = desk.announced.filter(({ kind }) => kind === "session-ended");
    expect(ended.map((announcement) => "subjectId" in announcement && announcement.subjectId)).toEqual(
      expect.arrayContaining([alpha.traders[0], alpha.traders[1], staff.id]),
    );
  });

  test("an account is restricted to exits", async () => {
    const [id] = desk.world.beta.accounts;
    const [status, after] = await command(`/accounts/${id}`, "set-state", { state: "close-only", reason: "Complaint" });
    expect([status, after.state, after.version]).toEqual([200, "close-only", 2]);
  });

  test("a new password works, the old one does not, and one that is easily guessed is refused", async () => {
    const [, made] = await send("POST", "/staff", {
      name: "Kim",
      email: "kim@operator.example",
      role: "risk",
      password: "violet-harbor-91-kettle",
    });
    const hash = async () =>
      (await desk.database.owner("staff").where({ id: made.id }).first("password_hash")).password_hash;
    const { matches } = argon2Passwords();
    expect((await command(`/staff/${made.id}`, "reset-password", { password: "copper-meadow-17-violin" }))[0]).toBe(
      200,
    );
    expect(await matches(await hash(), "copper-meadow-17-violin")).toBe(true);
    expect(await matches(await hash(), "violet-harbor-91-kettle")).toBe(false);
    expect((await command(`/staff/${made.id}`, "reset-password", { password: "password1" }))[1].errors).toHaveProperty(
      "password",
    );
  });

  test("nobody changes his own role, disables himself, or takes the last administrator's role", async () => {
    const [, other] = await send("POST", "/staff", {
      name: "Ada",
      email: "ada@operator.example",
      role: "admin",
      password: "violet-harbor-91-kettle",
    });
    const ada = aStaff("admin", { staffId: String(other.id) });
    expect((await send("PUT", `/staff/${other.id}`, { role: "risk", version: 1 }, {}, ada))[1].code).toBe("SELF");
    expect((await command(`/staff/${other.id}`, "disable", { reason: "x" }, ada))[1].code).toBe("SELF");
    expect((await send("PUT", `/staff/${other.id}`, { role: "risk", version: 1 }))[1].code).toBe("LAST_ADMIN");
  });
});
