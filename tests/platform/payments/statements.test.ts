import { describe, expect, test } from "@jest/globals";
import type { CsvMapping } from "#core/statement.ts";
import { readCamt053 } from "../../../server/platform/payments/camt053.ts";
import { readCsvStatement } from "../../../server/platform/payments/csv-statement.ts";
import { readMt940 } from "../../../server/platform/payments/mt940.ts";
import { camt053, mt940 } from "../../support/bank-files.ts";

const lines = [
  { bookedOn: "2026-11-20", amount: "100.00", bankReference: "B1", partyName: "Ada & Co", text: "DEP-ABCDEFGH thanks" },
  { bookedOn: "2026-11-20", amount: "-40.50", bankReference: "B2", partyName: "A Payee", text: "payout 7" },
];
const file = { iban: "DE89370400440532013000", currency: "USD", opening: "1000.00", closing: "1059.50", lines };

describe("a CAMT.053 file", () => {
  test("is read with amounts as they stand, names unescaped, and signs from its marks", () => {
    expect(readCamt053(camt053(file))).toEqual({
      ...{ account: file.iban, currency: "USD", opening: "1000.00", closing: "1059.50" },
      lines: lines.map((line, index) => ({ ...line, row: index + 1 })),
    });
  });

  test.each([
    ["no XML", "hello"],
    ["other XML", "<Document><A/></Document>"],
    ["cut off", camt053(file).slice(0, 900)],
    ["without a closing balance", camt053(file).replace("CLBD", "ITAV")],
    ["with a document type, which could name entities", camt053(file).replace("<Document", "<!DOCTYPE a><Document")],
    ["with two statements", camt053(file).replace("</Stmt>", "</Stmt><Stmt></Stmt>")],
  ])("is refused: %s", (_what, text) => {
    expect(readCamt053(text)).toBeNull();
  });
});

describe("an MT940 file", () => {
  test("is read with amounts as they stand, also behind the network's block marks", () => {
    const expected = {
      ...{ account: file.iban, currency: "USD", opening: "1000.00", closing: "1059.50" },
      lines: [
        { ...lines[0], row: 5, partyName: "Ada & Co" },
        { ...lines[1], row: 7 },
      ],
    };
    expect(readMt940(mt940(file))).toEqual(expected);
    expect(readMt940(mt940(file).replace(/\n/g, "\r\n"))).toEqual(expected);
    expect(readMt940(`{1:F01X}{2:O940}{4:\n${mt940(file)}\n-}`)?.lines).toHaveLength(2);
  });

  test("names an entry of January with a value date of December in the new year", () => {
    const text = mt940(file).replace(":61:2611201120C", ":61:2612310102C");
    expect(readMt940(text)?.lines[0]?.bookedOn).toBe("2027-01-02");
  });

  test.each([
    ["no such file", "hello"],
    ["an entry that can't be read", mt940(file).replace(":61:2611201120C", ":61:C")],
    ["no closing balance", mt940(file).replace(":62F:", ":64:")],
  ])("is refused: %s", (_what, text) => {
    expect(readMt940(text)).toBeNull();
  });
});

describe("a CSV file", () => {
  const mapping: CsvMapping = {
    ...{ delimiter: ";", decimalPoint: ",", dateOrder: "DMY", date: "Datum", amount: "Betrag", text: "Zweck" },
    ...{ name: "Name", reference: null },
  };
  const told = { currency: "USD", opening: "0.00", closing: "1234.56" };
  const text = 'Datum;Betrag;Zweck;Name\n20.11.2026;1.234,56;"DEP-1;x";Ada\n';

  test("is read by its account's mapping", () => {
    expect(readCsvStatement(text, mapping, told)?.lines).toEqual([
      { row: 2, bookedOn: "2026-11-20", amount: "1234.56", bankReference: "", partyName: "Ada", text: "DEP-1;x" },
    ]);
  });

  test.each([
    ["a column is missing", text.replace("Betrag", "Amount")],
    ["a row is too short", `${text}20.11.2026;1,00\n`],
    ["a quote is not closed", `${text}"20.11.2026;1,00;a;b\n`],
  ])("is refused: %s", (_what, broken) => {
    expect(readCsvStatement(broken, mapping, told)).toBeNull();
  });
});
