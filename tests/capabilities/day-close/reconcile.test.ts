import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { AskedStatement } from "#core/channel-statement.ts";
import type { DepositChannel } from "#core/deposit-channel.ts";
import { type CloseDesk, closeDesk, friday, monday, pay, runDays, tuesday } from "./support.ts";

let desk: CloseDesk;
beforeEach(async () => {
  desk = await closeDesk();
});
afterEach(() => desk?.close());

/** A gateway that says what the test says, or nothing. */
const gateway = (say: () => AskedStatement): DepositChannel => ({
  ...{ channel: "gateway", tenantId: desk.book.tenantId, answers: { taken: "", refused: "" }, ask: null },
  begin: async () => null,
  readNotice: () => ({ ok: false, refusal: "NOTICE_MALFORMED" }),
  statement: async () => say(),
});
const close = (say: () => AskedStatement) => runDays(desk, { asked: { channels: [gateway(say)], chains: [] } });
const runs = () =>
  desk.db
    .owner("reconciliation_runs")
    .where({ channel: "gateway" })
    .orderBy("to_date")
    .select("from_date", "to_date", "state", "problem");
const figures = async (date: string) => {
  const { id } = await desk.db.owner("day_closes").where({ book_date: date }).first("id");
  return (
    await desk.db
      .owner("day_close_steps")
      .where({ close_id: `${id}`, step: "reconcile" })
      .first()
  ).figures;
};

test("a channel that does not answer stops nothing, and the next close makes up for its days", async () => {
  await desk.setDay(monday);
  expect((await close(() => ({ kind: "no-answer" }))).outcomes).toEqual([`${desk.book.tenantId} ${friday} closed`]);
  expect(await figures(friday)).toMatchObject({ incomplete: ["gateway NO_ANSWER"] });
  await desk.setDay(tuesday);
  const line = {
    lineNo: "T-1:PAY",
    paymentNo: "T-1",
    reference: null,
    currency: "USD",
    isFee: false,
    atMs: Date.now(),
  };
  await close(() => ({ kind: "stated", lines: [{ ...line, amount: "5.00" }], balances: [] }));
  expect(await runs()).toEqual([
    { from_date: friday, to_date: friday, state: "incomplete", problem: "NO_ANSWER" },
    { from_date: friday, to_date: monday, state: "done", problem: null },
  ]);
  expect(await figures(monday)).not.toHaveProperty("incomplete");
  // The desk's calendar is moved ahead of its clock: what the line is dated lies behind the dates.
  expect(await desk.db.owner("channel_lines").select("line_no", "amount_minor")).toEqual([
    { line_no: "T-1:PAY", amount_minor: 500n },
  ]);
});

test("a close that died after its runs does not make them again", async () => {
  await pay(desk, 100);
  await desk.setDay(monday);
  let asked = 0;
  const say = (): AskedStatement => {
    asked += 1;
    return { kind: "stated", lines: [], balances: [] };
  };
  const { errors } = await runDays(desk, {
    asked: { channels: [gateway(say)], chains: [] },
    announce: (told) => {
      if (told.kind === "changed" && told.resource === "reconciliation-runs") throw new Error("killed");
    },
  });
  expect(errors).toEqual(["killed"]);
  for (let round = 0; round < 4; round += 1) await close(say);
  expect(asked).toBe(1);
  expect(await runs()).toEqual([{ from_date: friday, to_date: friday, state: "done", problem: null }]);
});
