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
/** Nothing said of a payout. */
const plain = { endToEndId: "", returnReason: null };
const file = { iban: "DE89370400440532013000", currency: "USD", opening: "1000.00", closing: "1059.50", lines };

describe("a CAMT.053 file", () => {
  test("is read with amounts as they stand, names unescaped, and signs from its marks", () => {
    expect(readCamt053(camt053(file))).toEqual({
      ...{ account: file.iban, currency: "USD", opening: "1000.00", closing: "1059.50" },
      lines: lines.map((line, index) => ({ ...line, ...plain, row: index + 1 })),
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
        { ...lines[0], ...plain, row: 5, partyName: "Ada & Co" },
        { ...lines[1], ...plain, row: 7 },
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
      {
        row: 2,
        bookedOn: "2026-11-20",
        amount: "1234.56",
        bankReference: "",
        partyName: "Ada",
        text: "DEP-1;x",
        ...plain,
      },
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

describe("a payment of the house", () => {
  const of = { bookedOn: "2026-11-20", bankReference: "B9", partyName: "A Payee", text: "Withdrawal" };
  const out = { ...of, amount: "-40.50", endToEndId: "PAY-00000000" };
  const back = { ...of, amount: "40.50", endToEndId: "PAY-00000000", returnReason: "AC04" };
  const said = { ...file, opening: "100.00", closing: "100.00", lines: [out, back] };

  test.each([
    ["CAMT.053", readCamt053(camt053(said))],
    ["MT940", readMt940(mt940(said))],
  ])("is named by its end-to-end id, and its return says why, in %s", (_kind, statement) => {
    expect(statement?.lines.map(({ endToEndId, returnReason }) => ({ endToEndId, returnReason }))).toEqual([
      { endToEndId: "PAY-00000000", returnReason: null },
      { endToEndId: "PAY-00000000", returnReason: "AC04" },
    ]);
  });

  test.each([
    ["its own reference", ":61:2611201120D40,50NTRFPAY-00000000//B9\n:86:plain words", "PAY-00000000", null],
    ["a plain text", ":61:2611201120D40,50NTRFNONREF//B9\n:86:/EREF/PAY-00000000/REMI/x", "PAY-00000000", null],
    ["a booking taken back", ":61:2611201120RD40,50NTRFPAY-00000000//B9\n:86:x/RTRN/AC01", "PAY-00000000", "AC01"],
    ["the type of a return", ":61:2611201120C40,50NRTIPAY-00000000//B9\n:86:x", "PAY-00000000", ""],
  ])("in MT940 by %s", (_how, entry, endToEndId, returnReason) => {
    const head = mt940({ ...file, lines: [] }).split("\n");
    const text = [...head.slice(0, 4), entry, ...head.slice(4)].join("\n");
    expect(readMt940(text)?.lines).toMatchObject([{ endToEndId, returnReason }]);
  });

  test.each([
    ["by what it is", "<BkTxCd><Domn><Fmly><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>"],
    ["as a booking taken back", "<RvslInd>true</RvslInd>"],
  ])("came back in CAMT.053 %s, without a reason", (_how, mark) => {
    const text = camt053({ ...said, lines: [{ ...of, amount: "1.00" }] }).replace("<Sts>", `${mark}<Sts>`);
    expect(readCamt053(text)?.lines).toMatchObject([{ returnReason: "" }]);
  });

  const booked = (amounts: readonly string[], total: string, sign: "DBIT" | "CRDT", more = ""): string => {
    const details = amounts.map(
      (amount, index) =>
        `<TxDtls><Refs><EndToEndId>E${index}</EndToEndId></Refs><Amt Ccy="USD">${amount}</Amt>${more}</TxDtls>`,
    );
    const entry = `<Ntry><Amt Ccy="USD">${total}</Amt><CdtDbtInd>${sign}</CdtDbtInd><BookgDt><Dt>2026-11-20</Dt></BookgDt><NtryDtls>`;
    return camt053({ ...file, lines: [] }).replace("</Stmt>", `${entry}${details.join("")}</NtryDtls></Ntry></Stmt>`);
  };
  const linesOf = (text: string) =>
    readCamt053(text)?.lines.map(({ row, amount, endToEndId }) => [row, amount, endToEndId]);

  test("several that the bank booked as one are a line each, where they add up to it", () => {
    const two = [
      [1, "-10.10", "E0"],
      [1, "-0.20", "E1"],
    ];
    expect(linesOf(booked(["10.10", "0.20"], "10.30", "DBIT"))).toEqual(two);
    expect(linesOf(booked(["10.10", "0.20"], "10.31", "DBIT"))).toEqual([[1, "-10.31", "E0"]]);
    expect(linesOf(booked(["10.10", "x"], "10.30", "DBIT"))).toEqual([[1, "-10.30", "E0"]]);
    expect(linesOf(booked(["10.10", "0.20"], "10.30", "CRDT"))).toEqual([[1, "10.30", "E0"]]);
    expect(linesOf(booked(["1.00", "2.00"], "3.00", "CRDT", "<RtrInf/>"))).toEqual([
      [1, "1.00", "E0"],
      [1, "2.00", "E1"],
    ]);
  });
});
