import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import {
  type AdjustmentDecision,
  decideAdjustment,
  type NewAdjustment,
  requestAdjustment,
} from "../../../server/capabilities/funding/index.ts";
import { type Actor, systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { brokenBooks, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
let account: TestAccount;

const person = (name: string, tenantId: number | null = null): Actor => ({
  ...systemActor,
  kind: "staff",
  id: randomUUID(),
  name,
  role: "finance",
  tenantId,
});
const ann = person("Ann");
const ben = person("Ben");

beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house?.close());
beforeEach(async () => {
  account = await house.openAccount(10_000n);
});

const transact = () => transactor(house.db.app);
const ask = (wanted: Partial<NewAdjustment> = {}, actor = ann) =>
  transact()(actor, (work) =>
    requestAdjustment(work, actor, {
      ...{ accountId: account.accountId, amount: "25.00", reasonCode: "goodwill", note: "the page was slow" },
      ...wanted,
    }),
  );
const asked = async (wanted: Partial<NewAdjustment> = {}): Promise<string> => {
  const made = await ask(wanted);
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value.id;
};
const decide = (id: string, to: AdjustmentDecision["to"], actor = ben) =>
  transact()(actor, (work) => decideAdjustment(work, () => {}, actor, { id, to, note: "looked into" }));
const balance = async (): Promise<{ posted: bigint; held: bigint }> => {
  const { rows } = await house.db.owner.raw(
    `SELECT b.posted, b.held FROM balances b JOIN accounts a USING (ledger_account_id) WHERE a.id = ?`,
    [account.accountId],
  );
  return rows[0];
};
const stored = async (id: string) => house.db.app("adjustments").where({ id }).first();
const audited = (objectId: string) =>
  house.db.app("audit_log").where({ object_id: objectId }).orderBy("id").pluck("action");

test("an adjustment that is asked for moves and holds no money", async () => {
  await asked();
  expect(await balance()).toEqual({ posted: 10_000n, held: 0n });
});

test("a second person posts it: the money moves once, with the reason as memo, and the books balance", async () => {
  const id = await asked({ amount: "-30.50", reasonCode: "correction", note: "a deposit was booked twice" });
  expect(await decide(id, "posted")).toEqual({ ok: true, value: null });
  expect((await balance()).posted).toBe(6_950n);
  const row = await stored(id);
  expect(row).toMatchObject({ state: "posted", requested_by: "Ann", decided_by: "Ben", decision_note: "looked into" });
  const moved = await house.db.app("transfers").where({ group_id: row?.group_id }).select("amount", "code", "memo");
  expect(moved).toEqual([{ amount: 3_050n, code: 40, memo: "correction: a deposit was booked twice" }]);
  expect(await audited(id)).toEqual(["request", "post"]);
  expect(await brokenBooks(house.db)).toEqual([]);
});

test("whoever asked for it can neither post nor reject it, not even past the application", async () => {
  const id = await asked();
  for (const to of ["posted", "rejected"] as const)
    expect(await decide(id, to, ann)).toMatchObject({ ok: false, refusal: { code: "OWN_ADJUSTMENT" } });
  await expect(
    house.db.owner("adjustments").where({ id }).update({
      state: "posted",
      decided_by_id: ann.id,
      decided_by: "Ann",
      decided_at: new Date(),
      decision_note: "self",
      group_id: randomUUID(),
    }),
  ).rejects.toMatchObject({ constraint: "adjustments_two_people" });
  expect((await balance()).posted).toBe(10_000n);
});

test("only whoever asked for it may withdraw it", async () => {
  const id = await asked();
  expect(await decide(id, "withdrawn", ben)).toMatchObject({ refusal: { code: "NOT_OWN_ADJUSTMENT" } });
  expect(await decide(id, "withdrawn", ann)).toMatchObject({ ok: true });
  expect(await decide(id, "posted", ben)).toMatchObject({ refusal: { code: "DECIDED_ALREADY" } });
  expect((await balance()).posted).toBe(10_000n);
});

test("ten approvals at once post it once", async () => {
  const id = await asked({ amount: "1.00" });
  const people = Array.from({ length: 10 }, (_, number) => person(`Person ${number}`));
  const answers = await Promise.all(people.map((one) => decide(id, "posted", one)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect((await balance()).posted).toBe(10_100n);
});

test("more than the available money can't be taken; the adjustment waits on", async () => {
  const id = await asked({ amount: "-100.01" });
  expect(await decide(id, "posted")).toMatchObject({ refusal: { code: "INSUFFICIENT_FUNDS" } });
  expect((await stored(id))?.state).toBe("requested");
  await house.fund(account, 1n);
  expect(await decide(id, "posted")).toMatchObject({ ok: true });
  expect((await balance()).posted).toBe(0n);
});

test("what was asked for can't be changed afterwards, and a decision can't be undone", async () => {
  const id = await asked();
  await expect(house.db.owner("adjustments").where({ id }).update({ amount_minor: 9_999 })).rejects.toMatchObject({
    constraint: "adjustments_request_is_fixed",
  });
  await decide(id, "rejected");
  await expect(house.db.owner("adjustments").where({ id }).update({ state: "requested" })).rejects.toMatchObject({
    constraint: "adjustments_decided_once",
  });
  await expect(house.db.owner("adjustments").where({ id }).delete()).rejects.toThrow(/append-only|may not|refuse/i);
});

test.each([
  [{ amount: "0.00" }, "AMOUNT_ZERO", "amount"],
  [{ amount: "1.005" }, "AMOUNT_TOO_FINE", "amount"],
  [{ amount: "much" }, "AMOUNT_TOO_FINE", "amount"],
  [{ note: "  x " }, "NOTE_TOO_SHORT", "note"],
  [{ accountId: randomUUID() }, "UNKNOWN_ACCOUNT", "accountId"],
])("%j is refused, and nothing is written", async (wanted, code, field) => {
  const before = await house.db.app("adjustments").count();
  expect(await ask(wanted)).toEqual({ ok: false, refusal: { code, field } });
  expect(await house.db.app("adjustments").count()).toEqual(before);
});

test("staff of another partner do not reach the account", async () => {
  expect(await ask({}, person("Eve", house.tenantId + 1))).toMatchObject({ refusal: { code: "UNKNOWN_ACCOUNT" } });
});
