import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { exportReports } from "#contracts/export-names.ts";
import { writeWorksheet } from "../../../server/platform/worksheet.ts";
import { instantOf, readXlsx, type SheetCell } from "../../support/xlsx.ts";
import { type ExportDesk, exportDesk, oddNote } from "./support.ts";

let desk: ExportDesk;
beforeAll(async () => {
  desk = await exportDesk();
});
afterAll(() => desk?.close());

const told = (cell: SheetCell): string => (cell === null ? "" : "text" in cell ? cell.text : cell.number);

test.each(exportReports)("%s: the worksheet says what the file says, cell by cell", async (report) => {
  const csv = desk.records(await desk.made({ report, profile: "system" }));
  const id = await desk.made({ report, profile: "worksheet" });
  const [head = [], ...rows] = readXlsx(desk.bytesOf(id, "xlsx"));
  const names = head.map(told);
  expect(names).toEqual(csv.length === 0 ? expect.anything() : Object.keys(csv[0] ?? {}));
  expect(rows).toHaveLength(csv.length);
  for (const [at, row] of rows.entries())
    for (const [column, name] of names.entries()) {
      const [cell, asked] = [row[column] ?? null, csv[at]?.[name] ?? ""];
      if (/_(utc|local)$/.test(name) && asked !== "")
        expect([name, instantOf(told(cell))]).toEqual([name, milliseconds(asked)]);
      else if (cell !== null && "number" in cell) expect([name, Number(cell.number)]).toEqual([name, Number(asked)]);
      else expect([name, told(cell)]).toEqual([name, asked]);
    }
  const { file } = desk.manifestOf(id);
  expect(file).toMatchObject({ sha256: createHash("sha256").update(desk.bytesOf(id, "xlsx")).digest("hex") });
  expect(file.name).toMatch(/\.xlsx$/);
});

/** As the database rounds them. */
const milliseconds = (asked: string): string => {
  const [whole = "", micros = "0"] = asked.replace("Z", "").split(".");
  return new Date(Date.parse(`${whole}Z`) + Math.floor(Number(micros.padEnd(6, "0")) / 1_000))
    .toISOString()
    .slice(0, -1);
};

test("money is a number, an id and a text that looks like a formula are text", async () => {
  const id = await desk.made({ report: "adjustments", profile: "worksheet" });
  const [head = [], row = []] = readXlsx(desk.bytesOf(id, "xlsx"));
  const at = (name: string): SheetCell | undefined => row[head.map(told).indexOf(name)];
  expect(at("amount")).toEqual({ number: "-12.34" });
  expect(at("note")).toEqual({ text: oddNote });
  expect(at("adjustment_id")).toMatchObject({ text: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

test("the same rows are the same bytes, whenever they are written; no digit of a long figure is lost", async () => {
  const columns = [{ name: "amount", kind: "figure" as const }];
  const sheet = { name: "ledger", columns, rows: [["12345678901234567.89"], ["0.10"], [null]] };
  const first = await writeWorksheet(sheet);
  await new Promise((resolve) => setTimeout(resolve, 2_100)); // a ZIP file tells times in steps of two seconds
  expect((await writeWorksheet(sheet)).equals(first)).toBe(true);
  expect(readXlsx(first).map(([cell]) => cell ?? null)).toEqual([
    { text: "amount" },
    { text: "12345678901234567.89" },
    { number: "0.1" },
    ...readXlsx(first)
      .slice(3)
      .map(() => null),
  ]);
});

test("what is too long for a worksheet fails once, and says what to ask for", async () => {
  const { house } = desk;
  const { rows } = await house.db.owner.raw(
    "SELECT tenant_id, debit_account, credit_account, book FROM transfers WHERE code = 40 LIMIT 1",
  );
  const [some] = rows;
  await house.db.owner.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
     SELECT ?, ?, 'USD', CASE n % 2 WHEN 0 THEN ?::bigint ELSE ?::bigint END, CASE n % 2 WHEN 0 THEN ?::bigint ELSE ?::bigint END, 1, 40, gen_random_uuid(), 0
     FROM generate_series(1, 60) n`,
    [
      some.tenant_id,
      some.book,
      ...[some.debit_account, some.credit_account, some.credit_account, some.debit_account].map(String),
    ],
  );
  const id = await desk.ask({ report: "ledger", profile: "worksheet" });
  await desk.make({ worksheetRowsMax: 100n });
  expect(await desk.rowOf(id)).toMatchObject({
    ...{ state: "failed", attempts: 1 },
    failure: expect.stringMatching(/^It has \d{3} rows, a worksheet at most 100. Ask for CSV/),
  });
});
