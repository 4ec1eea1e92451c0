import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { brokenBooks } from "../../support/trading.ts";
import { type TestClient, testClient } from "./client-support.ts";

let of: TestClient;

beforeAll(async () => {
  of = await testClient();
});
afterAll(() => of?.cashier.close());
beforeEach(() => of.renew());
afterEach(async () => {
  await waits(0);
  expect(await brokenBooks(of.house.db)).toEqual([]);
});

const dayMs = 24 * 3_600_000;
const waits = (days: number) =>
  of.house.db.app("payment_channels").where({ channel: "gateway" }).update({ deposit_withdrawable_days: days });

describe("money of a channel that may take it back", () => {
  test("is traded with at once and withdrawn after its days, and the trader is told the day", async () => {
    await of.fund(5_000n);
    await waits(90);
    const row = await of.credited("100.00");
    const { available, room, fresh } = await of.terms();
    expect([available, room.largest]).toEqual([14_950n, 5_000n]);
    expect(fresh).toEqual([{ amount: 9_950n, withdrawableAt: row.withdrawable_at }]);
    const days = ((row.withdrawable_at?.getTime() ?? 0) - (row.credited_at?.getTime() ?? 0)) / dayMs;
    expect(Math.round(days)).toBe(90);
    const refused = await of.withdraw("50.01");
    expect(refused).toMatchObject({ refusal: { code: "DEPOSIT_TOO_NEW" } });
    const checks = refused.ok ? [] : refused.refusal.checks;
    expect(checks).toContainEqual({ code: "DEPOSIT_TOO_NEW", passed: false, value: "50.01", limit: "50.00" });
    expect(await of.withdraw("50.00")).toMatchObject({ ok: true });
    expect(await of.withdraw("10.00")).toMatchObject({ refusal: { code: "DEPOSIT_TOO_NEW" } });
  });

  test("keeps the days that were in force when it was credited, and can't be moved", async () => {
    await waits(30);
    const row = await of.credited("100.00");
    await waits(0);
    await of.credited("70.00");
    const { room, fresh } = await of.terms();
    expect(room.largest).toBe(6_950n);
    expect(fresh).toHaveLength(1);
    await expect(
      of.house.db.owner("deposits").where({ id: row.id }).update({ withdrawable_at: null }),
    ).rejects.toMatchObject({ constraint: "deposits_debt_fixed" });
  });

  test("that was taken back is not counted any more", async () => {
    await of.fund(5_000n);
    await waits(30);
    await of.chargedBack(await of.credited("100.00"));
    expect(await of.terms()).toMatchObject({ fresh: [], room: { largest: 5_000n } });
  });
});
