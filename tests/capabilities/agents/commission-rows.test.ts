import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { aPartner } from "../../support/ledger.ts";
import { type CommissionHouse, commissionHouse } from "./support.ts";

let agents: CommissionHouse;
let agent: string;
beforeAll(async () => {
  agents = await commissionHouse();
  agent = await agents.agent("known");
});
afterAll(() => agents?.house.close());

const commission = (changed: Record<string, unknown>) =>
  agents.house.db.app("commissions").insert({
    ...{ tenant_id: agents.house.tenantId, book_date: "2026-11-20", fill_id: 1, agent_id: agent, level: 1, rate: 1 },
    ...{ amount_minor: 1, currency: "USD", currency_scale: 2, ...changed },
  });
const waterfall = (versionId: string) =>
  agents.house.db.app("commission_fills").insert({
    ...{ fill_id: 1, tenant_id: agents.house.tenantId, book_date: "2026-11-20", plan_version_id: versionId },
    ...{ basis_of: "fee", basis_minor: 1, house_minor: 1 },
  });
const constraintOf = (run: PromiseLike<unknown>) =>
  run.then(
    () => null,
    (error: { constraint?: string }) => error.constraint,
  );

test("the database takes no commission of an unknown agent, another partner's agent, or in an unknown currency", async () => {
  expect(await constraintOf(commission({ agent_id: randomUUID() }))).toBe("commissions_agent_id_fkey");
  const other = await aPartner(agents.house.db.app);
  expect(await constraintOf(commission({ tenant_id: other }))).toBe("commissions_agent_id_fkey");
  expect(await constraintOf(commission({ currency_scale: 3 }))).toBe("commissions_currency_currency_scale_fkey");
  expect(await constraintOf(waterfall(randomUUID()))).toBe("commission_fills_plan_version_id_fkey");
});

test("nor a reversal of a row that is not there", async () => {
  const reversal = { reverses: "999", amount_minor: -1, reason_code: "correction", note: "a slip", made_by: "Fay" };
  expect(await constraintOf(commission(reversal))).toBe("commissions_reversal_is_exact");
});
