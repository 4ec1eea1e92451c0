import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { clawBack, stepPayout } from "../../../server/capabilities/agents/index.ts";
import { until } from "../../support/until.ts";
import { type CommissionHouse, commissionHouse, finance } from "./support.ts";

let agents: CommissionHouse;
beforeAll(async () => {
  agents = await commissionHouse();
});
afterAll(() => agents?.house.close());

const owned = (table: string) => agents.house.db.owner(table);

describe("held, released, taken back", () => {
  const stepOf = (agentId: string, to: "held" | "payable") => async () => {
    const row = await owned("commission_payouts").where({ agent_id: agentId }).orderBy("book_date", "desc").first("id");
    return agents.run((work) => stepPayout(work, { id: row.id, to, reason: "a question" }));
  };

  test("a held payout is left out of the posting and paid when it is released and posted again", async () => {
    const agent = await agents.agent("stopped");
    await agents.assign(await agents.plan("ratio", { rate1: "50" }), agent);
    await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: agent }), 10n);
    const day = await agents.closeDay();
    await agents.compute(agents.house.tenantId, day);
    expect(await stepOf(agent, "held")()).toEqual({ ok: true, value: null });
    expect(await agents.post(agents.house.tenantId, day)).toMatchObject({ value: { payouts: 0 } });
    expect(await agents.commissionOf(agent)).toBe(0n);
    expect(await stepOf(agent, "payable")()).toEqual({ ok: true, value: null });
    expect(await agents.post(agents.house.tenantId, day)).toMatchObject({ value: { payouts: 1 } });
    expect(await agents.commissionOf(agent)).toBe(310n);
    expect(await stepOf(agent, "held")()).toEqual({ ok: false, refusal: "PAYOUT_PAID" });
    expect(await agents.faults()).toEqual([]);
  });

  test("a clawback takes from later earnings only, is carried until it is covered, and happens once", async () => {
    const agent = await agents.agent("clawed");
    await agents.assign(await agents.plan("ratio", { rate1: "50" }), agent);
    const his = await agents.house.openAccount(5_000_000n, { agentId: agent });
    const busted = await agents.trade(his, 10n);
    await agents.post(agents.house.tenantId, await agents.closeDay());
    expect(await agents.commissionOf(agent)).toBe(310n);

    const claw = { of: { fillId: busted.toString() }, reasonCode: "busted-trade", note: "wrong price" } as const;
    expect(await agents.run((work) => clawBack(work, finance, claw))).toEqual({ ok: true, value: { rows: 1 } });
    expect(await agents.run((work) => clawBack(work, finance, claw))).toEqual({
      ok: false,
      refusal: "NOTHING_TO_CLAW_BACK",
    });
    await agents.trade(his, 4n);
    await agents.post(agents.house.tenantId, await agents.closeDay());
    expect(await agents.commissionOf(agent)).toBe(310n);
    await agents.trade(his, 10n);
    await agents.post(agents.house.tenantId, await agents.closeDay());
    expect(await agents.commissionOf(agent)).toBe(310n + 310n + 124n - 310n);
    const runs = await owned("commission_payouts")
      .where({ agent_id: agent })
      .orderBy("book_date")
      .select("paid_minor", "carried_out_minor");
    expect(runs).toEqual([
      { paid_minor: 310n, carried_out_minor: 0n },
      { paid_minor: 0n, carried_out_minor: -186n },
      { paid_minor: 124n, carried_out_minor: 0n },
    ]);
    expect(await agents.faults()).toEqual([]);
  });
});

test("a clawback that is under way when its date ends is waited for, and settled with that date", async () => {
  const agent = await agents.agent("late");
  await agents.assign(await agents.plan("ratio", { rate1: "50" }), agent);
  const his = await agents.house.openAccount(5_000_000n, { agentId: agent });
  const busted = await agents.trade(his, 4n);
  await agents.post(agents.house.tenantId, await agents.closeDay());
  await agents.trade(his, 10n);

  let commit = (): void => undefined;
  const mayCommit = new Promise<void>((resolve) => {
    commit = resolve;
  });
  const claw = { of: { fillId: busted.toString() }, reasonCode: "busted-trade", note: "wrong price" } as const;
  let written = (): void => undefined;
  const isWritten = new Promise<void>((resolve) => {
    written = resolve;
  });
  const clawing = agents.run(async (work) => {
    const clawed = await clawBack(work, finance, claw);
    written();
    await mayCommit;
    return clawed;
  });
  await isWritten;
  const day = await agents.closeDay();
  let isPosted = false;
  const posting = agents.post(agents.house.tenantId, day).finally(() => {
    isPosted = true;
  });
  const waiting = () =>
    owned("pg_locks as l")
      .join("pg_database as d", "d.oid", "l.database")
      .where({ "l.locktype": "advisory", "l.granted": false })
      .whereRaw("d.datname = current_database()")
      .first("l.pid");
  await until(
    async () => isPosted || (await waiting()) !== undefined,
    (seen) => seen,
  );
  commit();
  expect(await clawing).toEqual({ ok: true, value: { rows: 1 } });
  expect(await posting).toMatchObject({ ok: true });
  expect(await agents.commissionOf(agent)).toBe(124n + 310n - 124n);
  expect(await agents.faults()).toEqual([]);
});

describe("what nobody can do, not even past the application", () => {
  test.each([
    ["agent_parents", { since: new Date(0) }],
    ["trader_agents", { since: new Date(0) }],
    ["commission_plan_versions", { effective_from: new Date(0) }],
    ["commission_rates", { rates: "{999999}" }],
    ["commission_assignments", { plan_id: null }],
    ["commissions", { amount_minor: 1 }],
    ["commission_fills", { house_minor: 0 }],
  ])("%s keeps what was written", async (table, change) => {
    await expect(owned(table).update(change)).rejects.toThrow("append-only");
    await expect(owned(table).delete()).rejects.toThrow("append-only");
  });

  test("nothing begins in the past, and a version's rates come with it", async () => {
    const version = await owned("commission_plan_versions").first("id");
    await expect(
      owned("commission_rates").insert({ version_id: version.id, instrument_id: "MNQ", rates: "{1}" }),
    ).rejects.toMatchObject({ constraint: "commission_rates_fixed" });
    const row = {
      id: version.id,
      tenant_id: agents.house.tenantId,
      effective_from: new Date(0),
      note: "x",
      created_by: "x",
    };
    await expect(owned("commission_assignments").insert(row)).rejects.toMatchObject({
      constraint: "commission_terms_not_back",
    });
  });

  test("a posted day takes no more commissions, a payout is settled once", async () => {
    const paid = await owned("commissions").where("amount_minor", ">", 0).orderBy("id").first();
    const { id: _, ...again } = paid;
    await expect(owned("commissions").insert({ ...again, level: 9 })).rejects.toMatchObject({
      constraint: "commissions_day_open",
    });
    await expect(
      owned("commission_payouts").where({ state: "paid" }).update({ state: "pending" }),
    ).rejects.toMatchObject({
      constraint: "commission_payouts_steps",
    });
  });
});

test("a changed amount, a missing waterfall and a transfer without a payout are all found", async () => {
  const { owner } = agents.house.db;
  const found = async (): Promise<number> => (await agents.faults()).length;
  const tamper = async (sql: string): Promise<number> => {
    const trigger = ["commissions", "commission_fills"]
      .map((table) => `ALTER TABLE ${table} DISABLE TRIGGER USER;`)
      .join("");
    await owner.raw(`${trigger} ${sql}`);
    return found();
  };
  expect(await found()).toBe(0);
  const row = await owner("commissions").where("amount_minor", ">", 1).first("id");
  expect(await tamper(`UPDATE commissions SET amount_minor = amount_minor + 1 WHERE id = ${row.id}`)).toBeGreaterThan(
    0,
  );
  expect(await tamper(`UPDATE commissions SET amount_minor = amount_minor - 1 WHERE id = ${row.id}`)).toBe(0);
  expect(
    await tamper("UPDATE commission_fills SET basis_minor = basis_minor + 1, house_minor = house_minor + 1"),
  ).toBeGreaterThan(0);
  expect(await tamper("UPDATE commission_fills SET basis_minor = basis_minor - 1, house_minor = house_minor - 1")).toBe(
    0,
  );
  expect(
    await tamper("DELETE FROM commission_fills WHERE fill_id = (SELECT min(fill_id) FROM commission_fills)"),
  ).toBeGreaterThan(0);
});
