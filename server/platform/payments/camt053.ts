import { XMLParser } from "fast-xml-parser";
import type { RawLine, RawStatement } from "#core/statement.ts";
import { formatDecimal, parseDecimal } from "#core/units.ts";

/** Tags stay texts: an amount is never a float. Entities are not expanded by the reader, so a file cannot grow. */
const parser = new XMLParser({
  ...{ ignoreAttributes: false, attributeNamePrefix: "@", removeNSPrefix: true },
  ...{ parseTagValue: false, parseAttributeValue: false, processEntities: false },
  isArray: (name) => ["Stmt", "Bal", "Ntry", "TxDtls", "Ustrd", "NtryDtls"].includes(name),
});

type Node = { readonly [name: string]: unknown };

/** Reads a statement of ISO 20022 camt.053, any of its versions; null when it is none, or holds several. */
export function readCamt053(text: string): RawStatement | null {
  if (/<!DOCTYPE/i.test(text)) return null;
  const document = parsed(text);
  const statements = list(at(document, "Document", "BkToCstmrStmt"), "Stmt");
  const [statement] = statements;
  if (statement === undefined || statements.length > 1) return null;
  const [opening, closing] = [balance(statement, ["OPBD", "PRCD"]), balance(statement, ["CLBD"])];
  if (opening === null || closing === null) return null;
  return {
    account: word(at(statement, "Acct", "Id"), "IBAN") || word(at(statement, "Acct", "Id", "Othr"), "Id") || null,
    currency: closing.currency,
    opening: opening.amount,
    closing: closing.amount,
    lines: list(statement, "Ntry").flatMap(linesOf),
  };
}

function parsed(text: string): Node {
  try {
    return node(parser.parse(text, true));
  } catch {
    return {};
  }
}

function balance(statement: Node, codes: readonly string[]): { amount: string; currency: string } | null {
  const found = codes
    .flatMap((code) => list(statement, "Bal").filter((one) => word(at(one, "Tp", "CdOrPrtry"), "Cd") === code))
    .at(0);
  return found === undefined ? null : { amount: signedAmount(found), currency: word(node(found.Amt), "@Ccy") };
}

/** An entry is one line; several payments that left, or came back, booked as one are a line each where their amounts are its amount. */
function linesOf(entry: Node, index: number): readonly RawLine[] {
  const details = list(entry, "NtryDtls").flatMap((one) => list(one, "TxDtls"));
  const amounts = details.map(amountIn);
  const isOne =
    details.length < 2 || (isCredit(entry) && details.some((detail) => returnReasonOf(entry, detail) === null));
  if (isOne || sumOf(amounts) !== sumOf([word(node(entry.Amt), "#text")]))
    return [lineOf(entry, details[0] ?? {}, index)];
  const sign = isCredit(entry) ? "" : "-";
  return details.map((detail, place) => ({
    ...lineOf(entry, detail, index),
    amount: sign + plain(amounts[place] ?? ""),
  }));
}

const isCredit = (entry: Node): boolean => word(entry, "CdtDbtInd") === "CRDT";
const amountIn = (detail: Node): string =>
  word(node(detail.Amt), "#text") || word(node(at(detail, "AmtDtls", "TxAmt").Amt), "#text");

/** More decimals than any currency has. */
const finest = 5;
function sumOf(amounts: readonly string[]): string | null {
  const read = amounts.map((amount) => parseDecimal(plain(amount), finest));
  return read.includes(null)
    ? null
    : formatDecimal(
        read.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n),
        finest,
      );
}

function lineOf(entry: Node, detail: Node, index: number): RawLine {
  const party = at(detail, "RltdPties", isCredit(entry) ? "Dbtr" : "Cdtr");
  const remittance = list(at(detail, "RmtInf"), "Ustrd", true).map((one) => word(one, "#text"));
  const endToEndId = word(at(detail, "Refs"), "EndToEndId");
  const references = [endToEndId, word(at(detail, "RmtInf", "Strd", "CdtrRefInf"), "Ref")];
  return {
    row: index + 1,
    bookedOn: (word(node(entry.BookgDt), "Dt") || word(node(entry.BookgDt), "DtTm")).slice(0, 10),
    amount: signedAmount(entry),
    bankReference: word(entry, "AcctSvcrRef") || word(at(detail, "Refs"), "AcctSvcrRef"),
    partyName: word(party, "Nm") || word(at(party, "Pty"), "Nm"),
    // One entry for several payments that came names the first payer only: a person looks at its text.
    text: [...remittance, ...references, word(entry, "AddtlNtryInf")].filter(Boolean).join(" "),
    ...{ endToEndId, returnReason: isCredit(entry) ? returnReasonOf(entry, detail) : null },
  };
}

/** By the return's own words, by the code of what it is (a credit transfer returned), or as a booking taken back; null: no return. */
function returnReasonOf(entry: Node, detail: Node): string | null {
  const codes = [entry, detail].map((one) => word(at(one, "BkTxCd", "Domn", "Fmly"), "SubFmlyCd"));
  const isReturn = detail.RtrInf !== undefined || codes.includes("RRTN") || word(entry, "RvslInd") === "true";
  const reason = at(detail, "RtrInf", "Rsn");
  return isReturn ? word(reason, "Cd") || word(reason, "Prtry") : null;
}

function signedAmount(of: Node): string {
  return (word(of, "CdtDbtInd") === "DBIT" ? "-" : "") + plain(word(node(of.Amt), "#text"));
}

const plain = (amount: string): string => amount.replace(/^0+(?=\d)/, "");

const node = (value: unknown): Node =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : {};
const at = (from: Node, ...names: readonly string[]): Node =>
  names.reduce<Node>((inside, name) => node(inside[name]), from);

function list(from: Node, name: string, texts = false): readonly Node[] {
  const found = from[name];
  const all: readonly unknown[] = Array.isArray(found) ? found : [];
  return all.map((one) => (texts && typeof one === "string" ? { "#text": one } : node(one)));
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const word = (from: Node, name: string): string => {
  const value = from[name];
  const text = typeof value === "string" ? value : word2(value);
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_all, named: string) => entities[named] ?? "").trim();
};
/** An element with attributes has its text apart. */
const word2 = (value: unknown): string => {
  const text = node(value)["#text"];
  return typeof text === "string" ? text : "";
};
