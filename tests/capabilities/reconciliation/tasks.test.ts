import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  claimTask,
  noteTask,
  overdueTasks,
  reopenTask,
  resolveTask,
  type WantedResolution,
} from "../../../server/capabilities/reconciliation/index.ts";
import type { Actor } from "../../../server/platform/db/unit-of-work.ts";
import type { TestAccount } from "../../support/trading.ts";
import { person, type TestDeposits, testDeposits } from "../deposits/support.ts";
import { compareNow, finn } from "./support.ts";

let cashier: TestDeposits;
let account: TestAccount;
let id: string;
const ann = person("Ann");

beforeEach(async () => {
  cashier = await testDeposits({ hasStatement: true });
  account = await cashier.house.openAccount(0n);
  cashier.peer.settled.more.push(line("40.00"));
  await compare();
  id = (await cashier.house.db.app("reconciliation_tasks").first("id")).id;
});
afterEach(() => cashier?.close());

const line = (amount: string) => `T-9,,PAY,${amount},USD,${Math.floor(Date.now() / 1_000)}`;
const compare = () =>
  compareNow(cashier.house.db.app, {
    ...{ tenantId: cashier.house.tenantId, channel: "gateway", channels: [cashier.ours], chains: [] },
  });
const task = () => cashier.house.db.app("reconciliation_tasks").where({ id }).first();
const announce = (): void => {};
const claim = (actor: Actor) => cashier.deps.transact(actor, (work) => claimTask(work, announce, actor, id));
const resolve = (actor: Actor, more: Partial<WantedResolution> = {}) =>
  cashier.deps.transact(actor, (work) =>
    resolveTask(work, announce, actor, {
      ...{ id, reason: "channel-error", note: "told the gateway", mendedBy: null, ...more },
    }),
  );
const actions = async (): Promise<string[]> => {
  const rows = await cashier.house.db.owner("audit_log").where({ object_id: id }).orderBy("id");
  return rows.map(({ actor_name, action }) => `${actor_name} ${action}`);
};

test("a task is claimed, taken over, noted and resolved; the audit log says by whom", async () => {
  expect(await claim(finn)).toEqual({ ok: true, value: null });
  expect(await claim(finn)).toEqual({ ok: false, refusal: { code: "NOT_IN_THIS_STATE" } });
  expect(await resolve(ann)).toEqual({ ok: false, refusal: { code: "CLAIMED_BY_OTHER" } });
  await claim(ann);
  await cashier.deps.transact(ann, (work) => noteTask(work, announce, ann, { id, note: "asked them" }));
  expect(await task()).toMatchObject({ state: "claimed", claimed_by: "Ann", note: "asked them" });
  expect(await resolve(ann)).toEqual({ ok: true, value: null });
  expect(await task()).toMatchObject({ state: "resolved", resolved_by: "Ann", reason: "channel-error", even_on: null });
  expect(await resolve(ann)).toEqual({ ok: false, refusal: { code: "NOT_IN_THIS_STATE" } });
  expect(await actions()).toEqual(["system open", "Finn claim", "Ann claim", "Ann note", "Ann resolve"]);
});

test("what is resolved stays so while the amounts are those that were seen, and is work again with others", async () => {
  await resolve(ann);
  await compare();
  expect(await task()).toMatchObject({ state: "resolved", reopened: 0 });
  cashier.peer.settled.more.splice(0, 1, line("41.00"));
  await compare();
  expect(await task()).toMatchObject({
    state: "open",
    reopened: 1,
    reason: null,
    resolved_by: null,
    theirs_minor: 4_100n,
  });
});

test("what is resolved and goes away is even, and is work again when it comes back", async () => {
  await resolve(ann);
  cashier.peer.settled.more.splice(0, 1, line("0"));
  await compare();
  expect(await task()).toMatchObject({ state: "resolved", even_on: expect.any(String) });
  cashier.peer.settled.more.splice(0, 1, line("40.00"));
  await compare();
  expect(await task()).toMatchObject({ state: "open", reopened: 1, even_on: null });
});

test("mended names transfers of the partner in that currency; another reason names none", async () => {
  const unknown = await resolve(ann, { reason: "mended", mendedBy: randomUUID() });
  expect(unknown).toEqual({ ok: false, refusal: { code: "MENDED_BY_UNKNOWN", field: "mendedBy" } });
  expect(await resolve(ann, { reason: "mended" })).toMatchObject({ refusal: { code: "MENDED_BY_MISSING" } });
  await cashier.house.fund(account, 4_000n);
  const { group_id } = await cashier.house.db.app("transfers").first("group_id");
  expect(await resolve(ann, { mendedBy: group_id })).toMatchObject({ refusal: { code: "MENDED_BY_MISSING" } });
  expect(await resolve(ann, { reason: "mended", mendedBy: group_id })).toEqual({ ok: true, value: null });
  expect(await task()).toMatchObject({ state: "resolved", mended_by: group_id });
});

test("a person reopens what was resolved too early, and has it", async () => {
  await resolve(ann);
  await cashier.deps.transact(finn, (work) => reopenTask(work, announce, finn, { id, note: "not so" }));
  expect(await task()).toMatchObject({ state: "claimed", claimed_by: "Finn", reopened: 1, reason: null });
});

test("the database keeps what a task is about, and a resolution without a reason out", async () => {
  const { owner, app } = cashier.house.db;
  await expect(owner("reconciliation_tasks").where({ id }).update({ payment: "x" })).rejects.toThrow("fixed");
  await expect(owner("reconciliation_tasks").where({ id }).delete()).rejects.toThrow();
  await expect(app("reconciliation_tasks").where({ id }).update({ state: "resolved" })).rejects.toThrow(
    "resolved_is_whole",
  );
});

test("age is told in business days: over a week-end a day", async () => {
  const { rows } = await cashier.house.db.app.raw(
    `SELECT business_days_between('2026-11-20', '2026-11-23') AS monday, business_days_between('2026-11-20', '2026-11-22') AS sunday,
       business_days_between('2026-11-23', '2026-11-23') AS same, business_days_between('2026-11-02', '2026-11-13') AS nine`,
  );
  expect(rows[0]).toEqual({ monday: 1, sunday: 0, same: 0, nine: 9 });
  const view = async () => {
    const { age, age_days } = await cashier.house.db.app("admin_reconciliation_tasks").where({ id }).first();
    return { age, age_days };
  };
  expect(await view()).toEqual({ age: "0-1", age_days: 0 });
  expect(await overdueTasks(cashier.house.db.app)).toBe(0);
  await cashier.house.db.owner.raw("UPDATE reconciliation_tasks SET since = since - 14 WHERE id = ?", [id]);
  expect(await view()).toEqual({ age: "over-7", age_days: 10 });
  expect(await overdueTasks(cashier.house.db.app)).toBe(1);
});
