import type { WirePayoutTarget, WireWithdrawal, WireWithdrawalTerms } from "#contracts/cashier-api.ts";
import { nextAfter } from "#contracts/cashier-history-api.ts";
import type { Result } from "#core/result.ts";
import { formatDecimal } from "#core/units.ts";
import { openAvailable } from "../capabilities/trading/index.ts";
import {
  addTarget,
  cancelWithdrawal,
  listWithdrawals,
  type RefusedWithdrawal,
  type ReviewRefusal,
  removeTarget,
  requestWithdrawal,
  type TargetRefusal,
  type TargetRow,
  targetsOf,
  type WithdrawalRow,
  type WithdrawalTerms,
  withdrawalTerms,
} from "../capabilities/withdrawals/index.ts";
import type { CashierAnswer, CashierPorts, CashierRefusal } from "../platform/http/cashier-routes.ts";
import { openDeposits } from "./cashier-deposits.ts";
import { chainDeps, openAddresses } from "./chains.ts";
import { depositDeps } from "./payments.ts";
import type { Shared } from "./shared.ts";

interface CashierShared extends Pick<Shared, "transact" | "db" | "clock" | "payments"> {
  readonly bus: Pick<Shared["bus"], "publish">;
  readonly quotes: Pick<Shared["quotes"], "latestTradable">;
}

/** The trader's cashier over the capabilities of deposits and withdrawals. */
export function openCashier(shared: CashierShared): CashierPorts {
  const { transact, db, bus, quotes } = shared;
  const chains = shared.payments.chains;
  const deps = { transact, announce: bus.publish, availableOf: openAvailable(quotes), chains };
  const [add, remove] = [addTarget(deps), removeTarget(deps)];
  const [withdraw, cancel] = [requestWithdrawal(deps), cancelWithdrawal(deps)];
  const terms = withdrawalTerms(deps);
  return {
    terms: async (trader, accountId) => (await terms(trader, accountId.toLowerCase()))?.map(wireTerms) ?? null,
    ...openDeposits({ ...depositDeps(shared), ...chainDeps(shared) }, db),
    ...openAddresses(chainDeps(shared)),
    targets: async ({ traderId }) => (await targetsOf(db, traderId)).map(wireTarget),
    addTarget: async (trader, wanted) => answerOf(await add(trader, wanted), wireTarget, (code) => targetNo[code]),
    removeTarget: async (trader, id) => ((await remove(trader, id)) === null ? { refusal: noTarget } : { value: null }),
    withdrawals: async ({ traderId, accountIds }, asked) => {
      if (!accountIds.includes(asked.accountId)) return null;
      const rows = await listWithdrawals(db, { traderId, ...asked });
      return { withdrawals: rows.map(wireWithdrawal), next: nextAfter(rows, asked.limit) };
    },
    withdraw: async (trader, wanted) => {
      const asked = { ...wanted, accountId: wanted.accountId.toLowerCase(), targetId: wanted.targetId.toLowerCase() };
      return answerOf(await withdraw(trader, asked), wireWithdrawal, refusedWithdrawal);
    },
    cancel: async (trader, id) => answerOf(await cancel(trader, id), wireWithdrawal, (code) => cancelNo[code]),
  };
}

function answerOf<Row, Wire, No>(
  result: Result<Row, No>,
  wire: (row: Row) => Wire,
  no: (refusal: No) => CashierRefusal,
): CashierAnswer<Wire> {
  return result.ok ? { value: wire(result.value) } : { refusal: no(result.refusal) };
}

const wireTarget = ({ id, channel, name, address, created_at }: TargetRow): WirePayoutTarget => ({
  ...{ id, channel, name, address },
  createdAt: created_at.toISOString(),
});

function wireTerms(terms: WithdrawalTerms): WireWithdrawalTerms {
  const { channel, currency, currencyScale, available, rules, room } = terms;
  const money = (minor: bigint): string => formatDecimal(minor, currencyScale);
  const orNull = (minor: bigint | null): string | null => (minor === null ? null : money(minor));
  const { fixed, ppm, min, max } = rules.fee;
  return {
    ...{ channel, currency, enabled: rules.enabled, available: money(available), largest: money(room.largest) },
    ...{ min: money(rules.min), max: orNull(rules.max) },
    fresh: terms.fresh.map(({ amount, withdrawableAt }) => ({
      ...{ amount: money(amount), withdrawableAt: withdrawableAt.toISOString() },
    })),
    debts: terms.debts.map((debt) => ({
      ...{ amount: formatDecimal(debt.amount, debt.currencyScale), currency: debt.currency },
    })),
    ...{ dayLeft: orNull(room.dayLeft), monthLeft: orNull(room.monthLeft) },
    requestsLeft: room.requestsLeft === null ? null : Number(room.requestsLeft),
    coolingHours: rules.coolingMs / 3_600_000,
    fee: { fixed: money(fixed), percent: formatDecimal(ppm, 4), min: money(min), max: orNull(max) },
  };
}

function wireWithdrawal(row: WithdrawalRow): WireWithdrawal {
  const money = (minor: bigint): string => formatDecimal(minor, row.currency_scale);
  return {
    ...{ id: row.id, requestId: row.request_id, accountId: row.account_id, state: row.state },
    ...{ amount: money(row.amount_minor), fee: money(row.fee_minor) },
    paidOut: money(row.amount_minor - row.fee_minor),
    ...{ currency: row.currency, channel: row.channel, reviewsNeeded: row.reviews_needed },
    target: { id: row.target_id, name: row.target_name, address: row.target_address },
    notBefore: row.not_before.toISOString(),
    requestedAt: row.requested_at.toISOString(),
    reference: row.reference,
    sentAt: row.sent_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    note: row.note,
  };
}

const noTarget: CashierRefusal = {
  ...{ status: 404, code: "UNKNOWN_TARGET", field: "targetId" },
  message: "You have no such account to be paid to.",
};

const targetNo: Readonly<Record<TargetRefusal, CashierRefusal>> = {
  ADDRESS_INVALID: {
    ...{ status: 422, code: "ADDRESS_INVALID", field: "address" },
    message: "This is no IBAN with right check digits, and no address with its capital letters as the wallet shows it.",
  },
  OWN_ADDRESS: {
    ...{ status: 422, code: "OWN_ADDRESS", field: "address" },
    message: "This address is the house's own: money can't be paid out to it.",
  },
  CHANNEL_CLOSED: {
    ...{ status: 422, code: "CHANNEL_CLOSED", field: "channel" },
    message: "Withdrawals this way are not offered now.",
  },
  NAME_REQUIRED: { status: 422, code: "NAME_REQUIRED", field: "name", message: "Say whose account it is." },
  TARGET_EXISTS: { status: 409, code: "TARGET_EXISTS", field: "address", message: "You have this account already." },
  TOO_MANY_TARGETS: {
    ...{ status: 409, code: "TOO_MANY_TARGETS" },
    message: "Remove one of your accounts first.",
  },
};

const cancelNo: Readonly<Record<ReviewRefusal, CashierRefusal>> = {
  UNKNOWN_WITHDRAWAL: { status: 404, code: "UNKNOWN_WITHDRAWAL", message: "You have no withdrawal with this id." },
  NOT_IN_THIS_STATE: { status: 409, code: "NOT_IN_THIS_STATE", message: "It can't be cancelled any more." },
  SAME_REVIEWER: { status: 409, code: "SAME_REVIEWER", message: "It can't be cancelled." },
  NO_PERSON: { status: 409, code: "NO_PERSON", message: "It can't be cancelled." },
};

type Sentence = (value: string, limit: string) => string;
const sentences: Readonly<Record<RefusedWithdrawal["code"], Sentence>> = {
  UNKNOWN_ACCOUNT: () => "You have no account with this id.",
  UNKNOWN_TARGET: () => noTarget.message,
  AMOUNT_INVALID: () => "The amount has more digits than the currency, or is zero.",
  REQUEST_ID_REUSED: () => "This requestId was used for a different withdrawal.",
  DEMO_ACCOUNT: () => "Money of a demo account can't be withdrawn.",
  ACCOUNT_DISABLED: () => "The account is disabled.",
  DEBT_OWED: (value) => `${value} is owed since a deposit was taken back.`,
  CHANNEL_CLOSED: () => "Withdrawals this way are not offered now.",
  AMOUNT_MIN: (value, limit) => `${value} is below the least withdrawal of ${limit}.`,
  AMOUNT_MAX: (value, limit) => `${value} is above the largest withdrawal of ${limit}.`,
  FEE_EXCEEDS: (value, limit) => `The fee of ${limit} is not below the amount of ${value}.`,
  DAY_COUNT: (_value, limit) => `${limit} withdrawals in 24 hours are allowed.`,
  DAY_LIMIT: (value, limit) => `Withdrawals of 24 hours would be ${value}, above the limit of ${limit}.`,
  MONTH_LIMIT: (value, limit) => `Withdrawals of 30 days would be ${value}, above the limit of ${limit}.`,
  PRICE_UNKNOWN: (value) => `There is no price for your position in ${value}.`,
  INSUFFICIENT_FUNDS: (value, limit) => `${value} was asked for; ${limit} is available.`,
  DEPOSIT_TOO_NEW: (value, limit) =>
    `${value} was asked for; ${limit} can be withdrawn now, the rest was paid in too recently.`,
  SOURCE_FIRST: (value, limit) =>
    `${value} was asked for; ${limit} can go this way, the rest goes back first by the channel that it came by.`,
};
const fields: Partial<Record<RefusedWithdrawal["code"], string>> = {
  UNKNOWN_ACCOUNT: "accountId",
  UNKNOWN_TARGET: "targetId",
  AMOUNT_INVALID: "amount",
  REQUEST_ID_REUSED: "requestId",
  AMOUNT_MIN: "amount",
  AMOUNT_MAX: "amount",
  FEE_EXCEEDS: "amount",
  DAY_LIMIT: "amount",
  MONTH_LIMIT: "amount",
  INSUFFICIENT_FUNDS: "amount",
  DEPOSIT_TOO_NEW: "amount",
  SOURCE_FIRST: "amount",
};

function refusedWithdrawal({ code, checks }: RefusedWithdrawal): CashierRefusal {
  const failed = checks.find((check) => check.code === code && !check.passed);
  const field = fields[code];
  return {
    status: code.startsWith("UNKNOWN") ? 404 : code === "REQUEST_ID_REUSED" ? 409 : 422,
    code,
    message: sentences[code](failed?.value ?? "", failed?.limit ?? ""),
    ...(field === undefined ? {} : { field }),
    ...(checks.length === 0 ? {} : { checks }),
  };
}
