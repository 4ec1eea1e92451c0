import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Desk, openDesk } from "./support/desk.ts";
import { senderOf } from "./support/sender.ts";
import { aStaff } from "./support/world.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk?.close());

test("two administrators who disable each other at once do not both succeed", async () => {
  const { owner } = desk.database;
  const rows = ["one", "two"].map((name) => ({ email: `${name}@operator.example`, name, role: "admin" }));
  const [one, two] = await owner("staff").insert(rows).returning("id");
  const disable = (who: string, whom: string) =>
    senderOf(desk, aStaff("admin", { staffId: who })).command(`/staff/${whom}`, "disable", { reason: "a quarrel" });
  const answers = await Promise.all([disable(one.id, two.id), disable(two.id, one.id)]);
  expect(answers.map(([status]) => status).sort()).toEqual([200, 409]);
  expect(answers.map(([, body]) => body.code)).toContain("LAST_ADMIN");
  expect(await owner("staff").where({ role: "admin", state: "active", tenant_id: null })).toHaveLength(1);
});
