import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { askClose } from "../../../server/capabilities/day-close/index.ts";
import { systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { until } from "../../support/until.ts";
import { type CloseDesk, closeDesk, closePorts, friday, monday, pay, runDays, stored, tuesday } from "./support.ts";

let desk: CloseDesk;
beforeEach(async () => {
  desk = await closeDesk();
  await pay(desk, 100);
});
afterEach(() => desk.close());

const sealOf = async (date: string) =>
  (await stored(desk.db)).steps.find(
    ({ book_date, step }: { book_date: string; step: string }) => book_date === date && step === "seal",
  );

test("the close seals the date's transfers", async () => {
  await desk.setDay(monday);
  await runDays(desk);
  expect(await sealOf(friday)).toMatchObject({ state: "done" });
  const { rows } = await desk.db.owner.raw(
    `SELECT count(*) FROM transfers WHERE book_date = ? AND xid::text::bigint >=
       (SELECT max(until_xid::text::bigint) FROM book_blocks WHERE stream = 'transfers')`,
    [friday],
  );
  expect(rows).toEqual([{ count: 0n }]);
});

test("a sealed transfer that a superuser changed stops the next close and names the block, put right it goes on", async () => {
  const ports = await closePorts(desk.db);
  await desk.setDay(monday);
  await runDays(desk, ports);
  await pay(desk, 5);
  await desk.setDay(tuesday);
  // Only what no transaction of the whole cluster can still come before is sealed.
  await until(
    async () => {
      await ports.sealBooks();
      const { rows } = await desk.db.owner.raw(
        `SELECT count(*)::int AS open FROM transfers WHERE amount = 5 AND code = 3 AND xid::text::bigint >=
           (SELECT max(until_xid::text::bigint) FROM book_blocks WHERE stream = 'transfers')`,
      );
      return rows[0].open;
    },
    (open) => open === 0,
  );
  const change = (from: string | null, to: string | null) =>
    desk.db.owner.raw(
      `ALTER TABLE transfers DISABLE TRIGGER transfers_append_only;
       UPDATE transfers SET memo = ${to === null ? "NULL" : `'${to}'`} WHERE code = 3 AND amount = 5 AND memo IS ${from === null ? "" : "NOT"} NULL;
       ALTER TABLE transfers ENABLE ALWAYS TRIGGER transfers_append_only`,
    );
  await change(null, "mine");
  expect((await runDays(desk, ports)).outcomes).toEqual([`${desk.book.tenantId} ${monday} failed`]);
  const failed = await sealOf(monday);
  expect(failed).toMatchObject({ state: "failed" });
  expect(failed.figures.faults).toEqual([
    expect.stringMatching(/^block \d+ of transfers \(1 rows.*its rows are not those that were sealed$/),
  ]);
  await change("mine", null);
  const { id } = await desk.db.app("day_closes").where({ state: "failed" }).first("id");
  await transactor(desk.db.app)(systemActor, (work) => askClose(work, systemActor, { id, from: "failed" }));
  expect((await runDays(desk, ports)).errors).toEqual([]);
  expect(await sealOf(monday)).toMatchObject({ state: "done" });
});
