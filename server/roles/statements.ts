import type { Router } from "express";
import type { StatementQuery } from "#contracts/bank-api.ts";
import type { Label } from "#contracts/field.ts";
import type { CsvMapping, RawStatement } from "#core/statement.ts";
import { type ImportRefusal, importStatement } from "../capabilities/deposits/index.ts";
import { requireStaff, staffIn } from "../platform/http/require.ts";
import { type StatementPorts, type StatementRefusal, statementRoutes } from "../platform/http/statement-routes.ts";
import { readCamt053 } from "../platform/payments/camt053.ts";
import { readCsvStatement } from "../platform/payments/csv-statement.ts";
import { readMt940 } from "../platform/payments/mt940.ts";
import { actorOf, demandReadable, type Resources } from "../resources/index.ts";
import type { Shared } from "./shared.ts";

type StatementsShared = Pick<Shared, "readDb" | "transact" | "identity"> & {
  readonly bus: Pick<Shared["bus"], "publish">;
};

/** Where staff hand in the bank's files. */
export function statementRouter(shared: StatementsShared, resources: Resources): Router {
  return statementRoutes({
    requireStaff: requireStaff(shared.identity),
    // Who may take the account's data out may put the bank's in: finance and administrators.
    demandBankAccount: demandReadable(shared.readDb, resources, "bank-accounts", "export"),
    take: takeStatement(shared),
  });
}

function takeStatement({ readDb, transact, bus }: StatementsShared): StatementPorts["take"] {
  return async ({ bankAccountId, query, bytes }, request, response) => {
    const staff = staffIn(response);
    const no = (code: Code) => ({ refusal: refusalOf(code, staff.locale) });
    const account: BankAccount = await readDb("bank_accounts").where({ id: bankAccountId }).first();
    const raw = read(account, query, bytes);
    if (typeof raw === "string") return no(raw);
    const isDryRun = query.dryRun === "true";
    const file = { bankAccountId, format: query.format, bytes, raw, isDryRun };
    const actor = actorOf(staff, request, response);
    const taken = await transact(actor, (work) => importStatement(work, bus.publish, actor, file));
    return taken.ok ? { report: taken.value } : no(taken.refusal);
  };
}

interface BankAccount {
  currency: string;
  csv_delimiter: "comma" | "semicolon" | "tab";
  csv_decimal_point: "point" | "comma";
  csv_date_order: CsvMapping["dateOrder"];
  csv_date: string | null;
  csv_amount: string | null;
  csv_text: string | null;
  csv_name: string | null;
  csv_reference: string | null;
}

type Code = ImportRefusal | "STATEMENT_UNREADABLE" | "MAPPING_MISSING" | "BALANCES_MISSING";

function read(account: BankAccount, query: StatementQuery, bytes: Uint8Array): RawStatement | Code {
  const text = textOf(bytes);
  if (query.format === "camt053") return readCamt053(text) ?? "STATEMENT_UNREADABLE";
  if (query.format === "mt940") return readMt940(text) ?? "STATEMENT_UNREADABLE";
  const mapping = mappingOf(account);
  if (mapping === null) return "MAPPING_MISSING";
  const { opening, closing } = query;
  if (opening === undefined || closing === undefined) return "BALANCES_MISSING";
  const told = { currency: account.currency, opening, closing };
  return readCsvStatement(text, mapping, told) ?? "STATEMENT_UNREADABLE";
}

/** Banks write UTF-8, or the Windows code page of western Europe. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

const delimiters = { comma: ",", semicolon: ";", tab: "\t" } as const;

function mappingOf(account: BankAccount): CsvMapping | null {
  const { csv_date: date, csv_amount: amount, csv_text: text, csv_name: name, csv_reference: reference } = account;
  if (date === null || amount === null || text === null) return null;
  return {
    ...{ date, amount, text, name, reference, delimiter: delimiters[account.csv_delimiter] },
    ...{ decimalPoint: account.csv_decimal_point === "point" ? "." : ",", dateOrder: account.csv_date_order },
  };
}

const refusals: Readonly<Record<Code, { readonly status: StatementRefusal["status"]; readonly says: Label }>> = {
  NO_PERSON: { status: 409, says: ["Only a person may do this.", "只能由人员操作。"] },
  UNKNOWN_BANK_ACCOUNT: { status: 404, says: ["There is no such bank account.", "银行账户不存在。"] },
  STATEMENT_KNOWN: { status: 409, says: ["This statement was taken already.", "该对账单已导入。"] },
  TOO_MANY_LINES: {
    status: 422,
    says: ["More than 5,000 lines: hand in shorter periods.", "超过 5000 行，请分段导入。"],
  },
  STATEMENT_UNREADABLE: {
    status: 422,
    says: ["This is no statement of that kind, or holds several.", "文件不是该格式的对账单，或包含多份对账单。"],
  },
  MAPPING_MISSING: {
    status: 422,
    says: ["Say first which columns the bank's CSV has.", "请先设置该银行 CSV 的列对应关系。"],
  },
  BALANCES_MISSING: {
    status: 422,
    says: ["A CSV names no balances: give opening and closing.", "CSV 不含余额，请填写期初与期末余额。"],
  },
};

function refusalOf(code: Code, locale: string): StatementRefusal {
  const { status, says } = refusals[code];
  return { status, code, message: locale === "zh-CN" ? says[1] : says[0] };
}
