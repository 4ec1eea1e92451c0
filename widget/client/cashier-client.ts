import type { WireBankDetails } from "#contracts/bank-api.ts";
import type {
  DepositRequest,
  PayoutTargetRequest,
  WireDeposit,
  WireDepositAddress,
  WireDepositTerms,
  WirePayoutTarget,
  WireWithdrawal,
  WireWithdrawalTerms,
  WithdrawalRequest,
} from "#contracts/cashier-api.ts";
import type { StatementsReply } from "#contracts/statements-api.ts";
import type { HistoryPage, ReadHistory } from "../controllers/history-rows.ts";

/** One call of the trading API in the trader's name; throws `RestProblem` on a no. */
export type AskServer = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** All that the cashier shows of an account. */
export interface CashierState {
  readonly terms: readonly WireWithdrawalTerms[];
  readonly targets: readonly WirePayoutTarget[];
  /** The newest ones. */
  readonly withdrawals: HistoryPage<WireWithdrawal>;
  readonly depositTerms: readonly WireDepositTerms[];
  readonly deposits: HistoryPage<WireDeposit>;
}

export async function readCashier(ask: AskServer, accountId: string): Promise<CashierState> {
  const of = `?accountId=${encodeURIComponent(accountId)}`;
  const [terms, targets, withdrawals, takes, deposits] = await Promise.all([
    ask("GET", `/api/trading/withdrawal-terms${of}`) as Promise<Pick<CashierState, "terms">>,
    ask("GET", "/api/trading/payout-targets") as Promise<Pick<CashierState, "targets">>,
    readWithdrawals(ask, accountId)({ states: "", after: null }),
    ask("GET", `/api/trading/deposit-terms${of}`) as Promise<{ terms: readonly WireDepositTerms[] }>,
    readDeposits(ask, accountId)({ states: "", after: null }),
  ]);
  return { ...terms, ...targets, withdrawals, depositTerms: takes.terms, deposits };
}

/** So many rows of a history are read at once. */
const historyRows = "40";

const historyQuery = (accountId: string, { states, after }: Parameters<ReadHistory<unknown>>[0]): URLSearchParams =>
  new URLSearchParams({
    ...{ accountId, limit: historyRows },
    ...(states === "" ? {} : { state: states }),
    ...(after === null ? {} : { after }),
  });

export const readWithdrawals =
  (ask: AskServer, accountId: string): ReadHistory<WireWithdrawal> =>
  async (asked) => {
    const reply = await ask("GET", `/api/trading/withdrawals?${historyQuery(accountId, asked)}`);
    const { withdrawals: rows, next } = reply as { withdrawals: readonly WireWithdrawal[]; next: string | null };
    return { rows, next };
  };

export const readDeposits =
  (ask: AskServer, accountId: string): ReadHistory<WireDeposit> =>
  async (asked) => {
    const reply = await ask("GET", `/api/trading/deposits?${historyQuery(accountId, asked)}`);
    const { deposits: rows, next } = reply as { deposits: readonly WireDeposit[]; next: string | null };
    return { rows, next };
  };

export async function deposit(ask: AskServer, request: DepositRequest): Promise<WireDeposit> {
  const reply = await ask("POST", "/api/trading/deposits", request);
  return (reply as { deposit: WireDeposit }).deposit;
}

/** Where a transfer goes, with the standing reference of the account. */
export async function readBankDetails(ask: AskServer, accountId: string): Promise<readonly WireBankDetails[]> {
  const reply = await ask("GET", `/api/trading/bank-details?accountId=${encodeURIComponent(accountId)}`);
  return (reply as { details: readonly WireBankDetails[] }).details;
}

/** Adds a file as the proof of a bank transfer; without what a file's name may not have. */
export const addProof = (ask: AskServer, depositId: string, file: File): Promise<unknown> => {
  const name = file.name.replace(/[\\/"\p{C}]/gu, "").slice(-nameCharsMax) || "proof";
  return ask(
    "POST",
    `/api/trading/deposits/${encodeURIComponent(depositId)}/proofs?${new URLSearchParams({ name })}`,
    file,
  );
};
const nameCharsMax = 100;

/** Daily statements, newest first, before the one that `after` names. */
export function readStatements(ask: AskServer, accountId: string, after: string | null): Promise<StatementsReply> {
  const of = new URLSearchParams({ accountId, limit: "40", ...(after === null ? {} : { after }) });
  return ask("GET", `/api/trading/statements?${of}`) as Promise<StatementsReply>;
}

/** One as a file: every movement (`csv`), or a page to print. */
export async function readStatement(ask: AskServer, id: string, form: "csv" | "page"): Promise<string> {
  const text = await ask("GET", `/api/trading/statements/${encodeURIComponent(id)}/${form}`);
  if (typeof text !== "string") throw new Error("the server sent no file");
  return text;
}

/** The account's own address on a chain, which the first question makes. */
export async function readAddress(
  ask: AskServer,
  { accountId, channel }: { readonly accountId: string; readonly channel: WireDepositAddress["channel"] },
): Promise<WireDepositAddress> {
  const of = new URLSearchParams({ accountId, channel });
  const reply = await ask("GET", `/api/trading/deposit-address?${of}`);
  return (reply as { address: WireDepositAddress }).address;
}

export async function addTarget(ask: AskServer, target: PayoutTargetRequest): Promise<WirePayoutTarget> {
  const reply = await ask("POST", "/api/trading/payout-targets", target);
  return (reply as { target: WirePayoutTarget }).target;
}

export async function withdraw(ask: AskServer, request: WithdrawalRequest): Promise<WireWithdrawal> {
  const reply = await ask("POST", "/api/trading/withdrawals", request);
  return (reply as { withdrawal: WireWithdrawal }).withdrawal;
}

export const takeBack = (ask: AskServer, id: string): Promise<unknown> =>
  ask("DELETE", `/api/trading/withdrawals/${encodeURIComponent(id)}`);

export const removeTarget = (ask: AskServer, id: string): Promise<unknown> =>
  ask("DELETE", `/api/trading/payout-targets/${encodeURIComponent(id)}`);

/** A UUID of our own: the same request sent twice is one withdrawal. On pages without https there is no randomUUID. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, at) => {
    const value = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, "0");
  }).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
