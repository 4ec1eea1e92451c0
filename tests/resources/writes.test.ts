import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Desk, openDesk } from "./support/desk.ts";
import { type Sender, senderOf } from "./support/sender.ts";
import { aStaff, mes } from "./support/world.ts";

/** What a write leaves behind: the audit entry, and one record for a repeated request; what bad input leaves: nothing. */
const admin = aStaff("admin");

let desk: Desk;
let send: Sender["send"];
let command: Sender["command"];
let read: Sender["read"];
let lastAudit: Sender["lastAudit"];
beforeAll(async () => {
  desk = await openDesk();
  ({ send, command, read, lastAudit } = senderOf(desk, admin));
});
afterAll(() => desk?.close());

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
    expect(Object.keys(Object(entry.before)).sort()).toEqual(["maxLotsPerOrder", "version"]);
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
    const shown = await read(`/traders/${id}`);
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

  test("errors speak the language that the request asks for, before the one set for the person", async () => {
    const said = async (language: string, locale: "en" | "zh-CN") => {
      const staff = aStaff("admin", { locale });
      const headers = { "Accept-Language": language };
      const [, { message, errors }] = await send("POST", "/risk-limits", { scope: "nobody" }, headers, staff);
      return [message, errors?.scope];
    };
    const english = ["Some fields are missing or wrong; nothing was saved.", "must be one of the choices"];
    const chinese = ["部分字段缺失或有误，未保存任何内容。", "必须是可选项之一"];
    expect(await said("zh-CN", "en")).toEqual(chinese);
    expect(await said("en", "zh-CN")).toEqual(english);
    expect(await said("fr, zh-TW;q=0.8, en;q=0.5", "en")).toEqual(chinese);
    expect(await said("fr", "zh-CN")).toEqual(chinese);
    expect(await said("*", "zh-CN")).toEqual(chinese);
  });

  test("errors speak the language of who asks", async () => {
    const chinese = aStaff("admin", { locale: "zh-CN" });
    const [, body] = await send("POST", "/risk-limits", { scope: "default" }, {}, chinese);
    expect(body).toMatchObject({
      message: "已存在相同范围的限额，请直接修改。",
      errors: { scope: "已存在相同范围的限额，请直接修改。" },
    });
  });
});
