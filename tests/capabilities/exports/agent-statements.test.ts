import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clawBack } from "../../../server/capabilities/agents/index.ts";
import { type CommissionHouse, commissionHouse, finance } from "../agents/support.ts";
import { exporterOf } from "./support.ts";

/**
 * Three dates: 10 lots with 50, 30 and 10 % of a fee of 6.20; the fill taken back on the second date, on which 4 lots trade; the first
 * date paid on the second, the second on the third. What each is paid is the ledger's word.
 */
let agents: CommissionHouse;
let desk: ReturnType<typeof exporterOf>;
const days: string[] = [];
const codes = ["top", "middle", "nearest"];
const ids = new Map<string, string>();

beforeAll(async () => {
  agents = await commissionHouse();
  desk = exporterOf(agents.house);
  const { tenantId } = agents.house;
  let above: string | undefined;
  for (const code of codes) {
    above = await agents.agent(code, above);
    ids.set(code, above);
  }
  await agents.assign(await agents.plan("ratio", { rate1: "50", rate2: "30", rate3: "10" }));
  const account = await agents.house.openAccount(5_000_000n, { agentId: above });
  const busted = await agents.trade(account, 10n);
  days.push(await agents.closeDay());
  const claw = { of: { fillId: busted.toString() }, reasonCode: "busted-trade", note: "wrong price" } as const;
  await agents.post(tenantId, days[0] ?? "");
  await agents.run((work) => clawBack(work, finance, claw));
  await agents.trade(account, 4n);
  days.push(await agents.closeDay());
  await agents.post(tenantId, days[1] ?? "");
  days.push(await agents.closeDay());
});
afterAll(async () => {
  await agents?.house.close();
  desk?.remove();
});

const [first, second, third] = [0, 1, 2];

async function statements(from: number, to: number): Promise<Record<string, Record<string, string>>> {
  const period = { fromDate: days[from] ?? "", toDate: days[to] ?? "" };
  const rows = desk.records(await desk.made({ report: "agent-statements", ...period }));
  return Object.fromEntries(rows.map(({ agent_code = "", agent_id: _id, ...row }) => [agent_code, row]));
}

test("the date of a trade: earned by level, nothing paid yet", async () => {
  expect(await statements(first, first)).toMatchObject({
    nearest: {
      opening: "0.00",
      earned_level_1: "3.10",
      earned_level_2: "0.00",
      taken_back: "0.00",
      paid: "0.00",
      closing: "3.10",
      waiting: "3.10",
    },
    middle: { earned_level_2: "1.86", closing: "1.86", carried_forward: "0.00", ledger_balance: "0.00" },
    top: { earned_level_3: "0.62", closing: "0.62" },
  });
});

test("the next date: paid what was waiting; what was taken back waits with what was earned", async () => {
  expect((await statements(second, second)).nearest).toEqual({
    ...{ currency: "USD", opening: "3.10", earned_level_1: "1.24", earned_level_2: "0.00", earned_level_3: "0.00" },
    ...{ taken_back: "3.10", paid: "3.10", closing: "-1.86", carried_forward: "0.00", waiting: "-1.86" },
    ledger_balance: "3.10",
  });
});

test("a date on which the earnings do not cover it: nothing is paid, the rest is carried forward", async () => {
  expect((await statements(third, third)).nearest).toMatchObject({
    ...{ opening: "-1.86", earned_level_1: "0.00", taken_back: "0.00", paid: "0.00", closing: "-1.86" },
    ...{ carried_forward: "-1.86", waiting: "0.00", ledger_balance: "3.10" },
  });
});

test("all dates together are the sum of each, and to the cent what the ledger and the payouts say", async () => {
  const whole = await statements(first, third);
  for (const code of codes) {
    const agentId = ids.get(code) ?? "";
    const { rows } = await agents.house.db.owner.raw(
      `SELECT to_major(sum(e.amount)::bigint, 2::smallint)::text AS paid FROM entries e JOIN ledger_accounts l ON l.id = e.ledger_account_id
       WHERE l.owner_id = ? AND l.kind = 'agent.commission' AND e.code IN (20, 21)`,
      [agentId],
    );
    const last = await agents.house.db
      .owner("commission_payouts")
      .where({ agent_id: agentId })
      .orderBy("book_date", "desc")
      .first();
    expect(whole[code]).toMatchObject({ opening: "0.00", paid: rows[0].paid, ledger_balance: rows[0].paid });
    expect(last.carried_out_minor).toBe(BigInt((whole[code]?.carried_forward ?? "").replace(".", "")));
  }
});

test("the manifest's totals add up, and the demo book has no statements", async () => {
  const id = await desk.made({ report: "agent-statements", fromDate: days[0] ?? "", toDate: days[2] ?? "" });
  expect(desk.manifestOf(id)).toMatchObject({
    isClosed: true,
    totals: [
      {
        currency: "USD",
        rows: "3",
        opening: "0.00",
        earned: "7.81",
        takenBack: "5.58",
        paid: "5.58",
        closing: "-3.35",
      },
    ],
  });
  const demo = { report: "agent-statements", book: "demo" } as const;
  expect(desk.records(await desk.made({ ...demo, fromDate: days[0] ?? "", toDate: days[2] ?? "" }))).toEqual([]);
});
