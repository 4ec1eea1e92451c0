import { formatDecimal, type MinorUnits, minorUnits, parseDecimal } from "./units.ts";

/** A bank statement as a file says it: decimals and dates still as texts, whatever the file's kind. */
export interface RawStatement {
  /** IBAN or account number; null: the file does not name it (CSV). */
  readonly account: string | null;
  readonly currency: string;
  /** Signed decimals in major units. */
  readonly opening: string;
  readonly closing: string;
  readonly lines: readonly RawLine[];
}

export interface RawLine {
  /** Where in the file: line, or number of the entry. From 1. */
  readonly row: number;
  /** YYYY-MM-DD. */
  readonly bookedOn: string;
  /** Signed decimal: + came in. */
  readonly amount: string;
  /** The bank's own reference; empty where it gives none. */
  readonly bankReference: string;
  readonly partyName: string;
  readonly text: string;
  /** What whoever ordered the payment named it by; empty where the bank does not say it. */
  readonly endToEndId: string;
  /** Why it came back, as the bank's code; empty: it gives none; null: it is no return. */
  readonly returnReason: string | null;
}

export interface StatementLine extends Omit<RawLine, "amount"> {
  readonly amount: MinorUnits;
}

export interface Statement {
  readonly opening: MinorUnits;
  readonly closing: MinorUnits;
  readonly lines: readonly StatementLine[];
}

/** What is wrong with a statement, and where; row null: with the whole. */
export interface StatementError {
  readonly row: number | null;
  readonly code:
    | "ACCOUNT_DIFFERS"
    | "CURRENCY_DIFFERS"
    | "OPENING_INVALID"
    | "CLOSING_INVALID"
    | "DATE_INVALID"
    | "AMOUNT_INVALID"
    | "SUM_DIFFERS"
    | "NOT_CONTINUED";
  readonly value: string;
  readonly expected?: string;
}

/** How a bank's CSV is read: the heads of its columns, and how it writes numbers and dates. */
export interface CsvMapping {
  readonly delimiter: "," | ";" | "\t";
  readonly decimalPoint: "." | ",";
  readonly dateOrder: "YMD" | "DMY" | "MDY";
  readonly date: string;
  readonly amount: string;
  readonly text: string;
  /** null: the file has no such column. */
  readonly name: string | null;
  readonly reference: string | null;
}

/** The account a statement must be of. */
export interface StatementOf {
  readonly iban: string;
  readonly currency: string;
  readonly scale: number;
  /** Closing of the last statement that was taken; null: this is the first. */
  readonly lastClosing: MinorUnits | null;
}

/** A statement in minor units, with everything that is wrong with it. It may be taken only when nothing is. */
export function checkStatement(raw: RawStatement, of: StatementOf): { statement: Statement; errors: StatementError[] } {
  const errors: StatementError[] = [];
  const account = raw.account?.replace(/ /g, "").toUpperCase() ?? of.iban;
  // Some banks name the account without the country and the bank: its end must be the same.
  if (account !== of.iban && !(account.length >= 6 && of.iban.endsWith(account)))
    errors.push({ row: null, code: "ACCOUNT_DIFFERS", value: account, expected: of.iban });
  if (raw.currency !== of.currency)
    errors.push({ row: null, code: "CURRENCY_DIFFERS", value: raw.currency, expected: of.currency });
  const opening = parseDecimal(raw.opening, of.scale);
  const closing = parseDecimal(raw.closing, of.scale);
  if (opening === null) errors.push({ row: null, code: "OPENING_INVALID", value: raw.opening });
  if (closing === null) errors.push({ row: null, code: "CLOSING_INVALID", value: raw.closing });
  const lines = raw.lines.map((line) => {
    const amount = parseDecimal(line.amount, of.scale);
    if (amount === null || amount === 0n) errors.push({ row: line.row, code: "AMOUNT_INVALID", value: line.amount });
    if (!isDate(line.bookedOn)) errors.push({ row: line.row, code: "DATE_INVALID", value: line.bookedOn });
    return { ...line, amount: minorUnits(amount ?? 0n) };
  });
  const statement = { opening: minorUnits(opening ?? 0n), closing: minorUnits(closing ?? 0n), lines };
  // A sum over rows that can't be read would only be another error.
  if (errors.length === 0) errors.push(...sumErrors(statement, of));
  return { statement, errors };
}

function sumErrors({ opening, closing, lines }: Statement, { lastClosing, scale }: StatementOf): StatementError[] {
  const sum = lines.reduce((total, { amount }) => total + amount, opening as bigint);
  const money = (minor: bigint): string => formatDecimal(minor, scale);
  const differs: StatementError[] =
    sum === closing ? [] : [{ row: null, code: "SUM_DIFFERS", value: money(sum), expected: money(closing) }];
  return lastClosing === null || opening === lastClosing
    ? differs
    : [...differs, { row: null, code: "NOT_CONTINUED", value: money(opening), expected: money(lastClosing) }];
}

const monthDays: Readonly<Record<string, string>> = {
  ...{ "01": "31", "02": "28", "03": "31", "04": "30", "05": "31", "06": "30" },
  ...{ "07": "31", "08": "31", "09": "30", "10": "31", "11": "30", "12": "31" },
};

/** YYYY-MM-DD of the calendar. Two digits compare as texts. */
function isDate(text: string): boolean {
  const [, year = "", month = "", day = ""] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const longest = month === "02" && isLeap(BigInt(year)) ? "29" : monthDays[month];
  return longest !== undefined && day >= "01" && day <= longest;
}

const isLeap = (year: bigint): boolean => (year % 4n === 0n && year % 100n !== 0n) || year % 400n === 0n;
