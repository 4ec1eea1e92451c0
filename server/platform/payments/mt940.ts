import type { RawLine, RawStatement } from "#core/statement.ts";

interface Field {
  readonly tag: string;
  readonly value: string;
  readonly row: number;
}

const balanceShape = /^([CD])(\d{6})([A-Z]{3})([\d,]+)$/;
/** :61: value date, entry date, sign (R: reversed), funds code, amount, type, reference // the bank's reference. */
const lineShape = /^(\d{6})(\d{4})?(R?[CD])[A-Z]?([\d,]+)([A-Z][A-Z0-9]{3})([^/\n]*)(?:\/\/([^\n]*))?/;

/** Reads a SWIFT MT940 customer statement; null when it is none, holds several, or has a field :61: that can't be read. */
export function readMt940(text: string): RawStatement | null {
  const fields = fieldsOf(text);
  const only = (tags: readonly string[]): Field | undefined => {
    const found = fields.filter(({ tag }) => tags.includes(tag));
    return found.length === 1 ? found[0] : undefined;
  };
  const opening = balance(only(["60F", "60M"]));
  const closing = balance(only(["62F", "62M"]));
  const account = only(["25", "25P"]);
  if (opening === null || closing === null || account === undefined) return null;
  const lines = fields.flatMap((field, place) => (field.tag === "61" ? [lineOf(field, fields[place + 1])] : []));
  if (lines.includes(null)) return null;
  return {
    account: account.value.split("\n")[0]?.split("/").at(-1)?.trim() ?? null,
    ...{ currency: closing.currency, opening: opening.amount, closing: closing.amount },
    lines: lines.filter((line) => line !== null),
  };
}

/** `:61:…` begins a field; lines that begin none belong to the one before. Block marks of the network are left out. */
function fieldsOf(text: string): readonly Field[] {
  const fields: { tag: string; value: string; row: number }[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, tag, value = ""] = /^:(\d{2}[A-Z]?):(.*)$/.exec(line.replace(/^\{[^:].*?\{4:/, "")) ?? [];
    const last = fields.at(-1);
    if (tag !== undefined) fields.push({ tag, value, row: index + 1 });
    else if (last !== undefined && line !== "-" && !line.startsWith("-}") && !line.startsWith("{"))
      last.value += `\n${line}`;
  }
  return fields;
}

function balance(field: Field | undefined): { amount: string; currency: string } | null {
  const [, sign, , currency, amount] = balanceShape.exec(field?.value.trim() ?? "") ?? [];
  return currency === undefined || amount === undefined ? null : { currency, amount: decimal(sign === "D", amount) };
}

function lineOf({ value, row }: Field, next: Field | undefined): RawLine | null {
  const [, valueDate = "", entryDate, sign, amount, type = "", own = "", bank = ""] = lineShape.exec(value) ?? [];
  if (sign === undefined || amount === undefined) return null;
  const information = next?.tag === "86" ? next.value : "";
  const parts = structured(information);
  const named = own.trim() === "NONREF" ? "" : own.trim();
  const isReturn = sign === "RD" || (sign === "C" && (/RTI$/.test(type) || parts?.code === returnedTransfer));
  return {
    row,
    bookedOn: dateOf(valueDate, entryDate),
    amount: decimal(sign === "D" || sign === "RC", amount),
    bankReference: bank.trim() || named,
    partyName: parts?.name ?? "",
    text: parts?.text ?? information.replace(/\n/g, " ").trim(),
    endToEndId: endToEndId(parts?.text ?? information) || named,
    returnReason: isReturn ? reasonIn(information) : null,
  };
}

/** Code of German banks for a credit transfer that came back. */
const returnedTransfer = "159";

/** The end-to-end id where the bank gives it: behind EREF+ in the payer's words, or between slashes in a plain text. */
function endToEndId(text: string): string {
  const flat = text.replace(/\n/g, "");
  const [, plus, slashed] = /EREF\+(.*?)(?=[A-Z]{4}\+|$)|\/EREF\/([^/]*)/.exec(flat) ?? [];
  return (plus ?? slashed ?? "").trim();
}

/** ISO 20022's code of four, where it stands behind the word for it. */
const reasonIn = (information: string): string =>
  /(?:\/RTRN\/|RETURN\/|RTRN\+)([A-Z]{2}[0-9A-Z]{2})\b/.exec(information.replace(/\n/g, ""))?.[1] ?? "";

/** :86: as most banks structure it: ?20 to ?29 and ?60 to ?63 the payer's words, ?32 and ?33 his name; null: it is plain text. */
function structured(information: string): { code: string; name: string; text: string } | null {
  const flat = information.replace(/\n/g, "");
  if (!/^\d{3}\?/.test(flat)) return null;
  const parts = [...flat.matchAll(/\?(\d{2})([^?]*)/g)].map(([, code = "", value = ""]) => ({ code, value }));
  const of = (shape: RegExp): string =>
    parts
      .filter(({ code }) => shape.test(code))
      .map(({ value }) => value)
      .join("");
  return { code: flat.slice(0, 3), name: of(/^3[23]$/).trim(), text: of(/^(2\d|6[0-3])$/).trim() };
}

/** "1234,5" -> "1234.5"; the comma is always there, what follows it may be nothing. */
function decimal(isNegative: boolean, amount: string): string {
  const [whole = "", fraction = ""] = amount.split(",");
  return `${isNegative ? "-" : ""}${whole.replace(/^0+(?=\d)/, "")}${fraction === "" ? "" : `.${fraction}`}`;
}

/** YYMMDD with an entry date of MMDD: around the new year the entry's year is the one that lies nearer. */
function dateOf(valueDate: string, entryDate: string | undefined): string {
  const [year, month] = [2_000 + Number(valueDate.slice(0, 2)), Number(valueDate.slice(2, 4))];
  if (entryDate === undefined) return `${year}-${valueDate.slice(2, 4)}-${valueDate.slice(4, 6)}`;
  const apart = Number(entryDate.slice(0, 2)) - month;
  const entryYear = apart > 6 ? year - 1 : apart < -6 ? year + 1 : year;
  return `${entryYear}-${entryDate.slice(0, 2)}-${entryDate.slice(2, 4)}`;
}
