import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { StaffIdentity } from "#contracts/identity.ts";
import { storyReply } from "#contracts/story.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { aStaff } from "./support/world.ts";

/** Who may read what happened to an order: whoever may read the order, its money only who may see the journal. */
let desk: Desk;
let orderId: string;
beforeAll(async () => {
  desk = await openDesk();
  const order = await desk.database.app("orders").where({ account_id: desk.world.alpha.accounts[1] }).first("id");
  orderId = order.id;
  const fill = await desk.database.app("fills").where({ order_id: orderId }).first("group_id", "account_id");
  await desk.database.app.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
     SELECT a.tenant_id, a.book, a.currency, a.ledger_account_id, h.id, 124, 11, ?::uuid, 2
     FROM accounts a JOIN ledger_accounts h ON h.tenant_id = a.tenant_id AND h.book = a.book AND h.owner_id IS NULL
     WHERE a.id = ? LIMIT 1`,
    [fill.group_id, fill.account_id],
  );
});
afterAll(() => desk?.close());

async function story(staff: StaffIdentity, id = orderId) {
  const response = await desk.request(staff, `/orders/${id}/story`);
  return { status: response.status, body: await response.json() };
}

test("staff of the house read it whole", async () => {
  const { status, body } = await story(aStaff("finance"));
  expect(status).toBe(200);
  const { entries } = storyReply.parse(body);
  expect(entries.map(({ kind }) => kind)).toEqual(["accepted", "filled"]);
  expect(entries[1]?.afterMs).not.toBeNull();
  expect(entries[1]?.transfers).toHaveLength(1);
});

test("an agent reads his own line's, without the journal", async () => {
  const { alpha, beta } = desk.world;
  const agent = aStaff("agent", { tenantId: alpha.id, agentId: alpha.agents[1] });
  const { status, body } = await story(agent);
  expect(status).toBe(200);
  expect(storyReply.parse(body).entries.flatMap((entry) => entry.transfers)).toEqual([]);
  const foreign = aStaff("agent", { tenantId: beta.id, agentId: beta.agents[0] });
  expect((await story(foreign)).status).toBe(404);
});

test("another partner's staff and unknown ids get 404", async () => {
  expect((await story(aStaff("admin", { tenantId: desk.world.beta.id }))).status).toBe(404);
  expect((await story(aStaff("admin"), "11111111-1111-4111-8111-111111111111")).status).toBe(404);
  expect((await story(aStaff("admin"), "nonsense")).status).toBe(404);
});
