import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Desk, openDesk } from "./support/desk.ts";
import { type Sender, senderOf } from "./support/sender.ts";
import { aStaff } from "./support/world.ts";

/** What staff do with linked accounts, through the routes. */
let desk: Desk;
let command: Sender["command"];
let lastAudit: Sender["lastAudit"];
let at: string;
beforeAll(async () => {
  desk = await openDesk();
  ({ command, lastAudit } = senderOf(desk, aStaff("risk")));
  const [trader_a, trader_b] = [desk.world.alpha.traders[1], desk.world.alpha.traders[2]].sort();
  const [row] = await desk.database
    .owner("account_links")
    .insert({ tenant_id: desk.world.alpha.id, trader_a, trader_b, score: 0.9, evidence: "[]", weights_version: 1 })
    .returning("id");
  at = `/account-links/${row.id}`;
});
afterAll(() => desk?.close());

const reason = "looked at";

test("a link is confirmed, its main account set, and taken back; each time the log says why", async () => {
  const [status, confirmed] = await command(at, "confirm", { reason });
  expect([status, confirmed.state, confirmed.decidedBy]).toEqual([200, "confirmed", expect.any(String)]);
  expect(await lastAudit("account-links")).toMatchObject({ action: "confirm", after: { state: "confirmed" }, reason });
  const [, main] = await command(at, "set-main", { traderId: confirmed.traderB, reason });
  expect(main.mainTraderId).toBe(confirmed.traderB);
  const stranger = await command(at, "set-main", { traderId: desk.world.beta.traders[0], reason });
  expect([stranger[0], Object.keys(stranger[1].errors as object)]).toEqual([422, ["traderId"]]);
  const [, open] = await command(at, "reopen", { reason });
  expect([open.state, open.mainTraderId]).toEqual(["open", null]);
  expect((await command(at, "reopen", { reason }))[0]).toBe(409);
});

test("a link scored anew stays to be seen though nothing says so any more", async () => {
  const [status, scored] = await command(at, "rescore", {});
  expect([status, scored.score, scored.edge, scored.evidence]).toEqual([200, "0.0000", "weak", []]);
});

test("a reason is needed, and staff of another partner find no such link", async () => {
  const [status, refused] = await command(at, "dismiss", {});
  expect([status, refused.errors]).toEqual([422, { reason: "is needed" }]);
  const foreign = senderOf(desk, aStaff("risk", { tenantId: desk.world.beta.id }));
  expect((await foreign.command(at, "dismiss", { reason }))[0]).toBe(404);
});
