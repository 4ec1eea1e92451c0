import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type CloseDesk, closeDesk, friday, monday, runDays } from "./support.ts";

let desk: CloseDesk;
beforeEach(async () => {
  desk = await closeDesk();
});
afterEach(() => desk?.close());

const step = (name: string) => desk.db.owner("day_close_steps").where({ step: name }).orderBy("close_id").first();

test("a step that waits says for what and until when, and how long it took once it is done", async () => {
  await desk.clock.set(`${monday} 11:00`);
  const told: string[] = [];
  const announce = (one: { kind: string; resource?: string }): void => void told.push(one.resource ?? one.kind);
  await runDays(desk, { announce });
  expect(await step("pay-commissions")).toMatchObject({
    // Noon in Chicago, before the clocks go forward.
    ...{ state: "pending", waits_for: "cut-off", waits_until: new Date("2027-03-08T18:00:00Z"), took_ms: null },
  });
  expect(told).toContain("day-close-steps");
  told.length = 0;
  await runDays(desk, { announce });
  expect(told).toEqual([]);
  await desk.clock.set(`${monday} 12:05`);
  expect((await runDays(desk)).outcomes).toEqual([`${desk.book.tenantId} ${friday} closed`]);
  for (const name of ["snapshot", "reconcile", "pay-commissions"]) {
    const done = await step(name);
    expect(done).toMatchObject({ state: "done", waits_for: null, waits_until: null });
    expect(done.took_ms).toBeGreaterThanOrEqual(0);
    expect(done.took_ms).toBeLessThan(60_000);
  }
});
