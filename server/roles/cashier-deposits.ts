import type { WireDeposit, WireDepositTerms } from "#contracts/cashier-api.ts";
import { nextAfter } from "#contracts/cashier-history-api.ts";
import { chainChannels, type DepositKind, type PaymentChannel } from "#contracts/payment-names.ts";
import { formatDecimal } from "#core/units.ts";
import { countOwnAttachments } from "../capabilities/attachments/index.ts";
import {
  bankDetails,
  type ChainDeps,
  type DepositDeps,
  type DepositRow,
  type DepositTerms,
  depositTerms,
  listDeposits,
  type RefusedDeposit,
  requestDeposit,
  takesProof,
} from "../capabilities/deposits/index.ts";
import type { CashierPorts, CashierRefusal } from "../platform/http/cashier-routes.ts";
import type { Shared } from "./shared.ts";

/** The trader's deposits over their capability. */
export function openDeposits(
  deps: DepositDeps & Pick<ChainDeps, "chains">,
  db: Shared["db"],
): Pick<CashierPorts, "depositTerms" | "bankDetails" | "deposits" | "deposit"> {
  const request = requestDeposit(deps);
  const terms = depositTerms(deps);
  const details = bankDetails(deps);
  return {
    depositTerms: async (trader, accountId) => (await terms(trader, accountId.toLowerCase()))?.map(wireTerms) ?? null,
    bankDetails: async (trader, accountId) =>
      (await details(trader, accountId.toLowerCase()))?.map(({ bank_name: bankName, ...told }) => ({
        ...told,
        bankName,
      })) ?? null,
    deposits: async ({ traderId, accountIds }, asked) => {
      if (!accountIds.includes(asked.accountId)) return null;
      const deposits = await shownDeposits(db, { traderId, ...asked });
      return { deposits, next: nextAfter(deposits, asked.limit) };
    },
    deposit: async (trader, wanted) => {
      const answer = await request(trader, { ...wanted, accountId: wanted.accountId.toLowerCase() });
      return answer.ok ? { value: wireDeposit(answer.value, 0) } : { refusal: refusedDeposit(answer.refusal) };
    },
  };
}

const kindOf = (channel: PaymentChannel): DepositKind =>
  channel === "bank" ? "transfer" : chainChannels.some((one) => one === channel) ? "address" : "redirect";

function wireTerms({ channel, currency, currencyScale, rules, room }: DepositTerms): WireDepositTerms {
  const money = (minor: bigint): string => formatDecimal(minor, currencyScale);
  const orNull = (minor: bigint | null): string | null => (minor === null ? null : money(minor));
  const { fixed, ppm, min, max } = rules.fee;
  return {
    ...{ channel, kind: kindOf(channel), currency, refusal: room.refusal },
    ...{ min: money(rules.min), largest: orNull(room.largest) },
    ...{ dayLeft: orNull(room.dayLeft), monthLeft: orNull(room.monthLeft), withdrawableDays: rules.withdrawableDays },
    fee: { fixed: money(fixed), percent: formatDecimal(ppm, 4), min: money(min), max: orNull(max) },
  };
}

async function shownDeposits(db: Shared["db"], of: Parameters<typeof listDeposits>[1]): Promise<WireDeposit[]> {
  const rows = await listDeposits(db, of);
  const objectIds = rows.filter(({ channel }) => channel === "bank").map(({ id }) => id);
  const proofs = await countOwnAttachments(db, { resource: "deposits", addedById: of.traderId, objectIds });
  return rows.map((row) => wireDeposit(row, proofs.get(row.id) ?? 0));
}

function wireDeposit(row: DepositRow, proofs: number): WireDeposit {
  const money = (minor: bigint): string => formatDecimal(minor, row.currency_scale);
  const orNull = (minor: bigint | null): string | null => (minor === null ? null : money(minor));
  const isOpen = row.state === "waiting" || row.state === "unknown";
  return {
    ...{ id: row.id, requestId: row.request_id, accountId: row.account_id ?? "", state: row.state },
    ...{ channel: row.channel, reference: row.reference, payUrl: isOpen ? row.pay_url : null },
    ...{ asked: orNull(row.asked_minor), received: orNull(row.received_minor), fee: money(row.fee_minor) },
    currency: row.currency,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    creditedAt: row.credited_at?.toISOString() ?? null,
    withdrawableAt: row.withdrawable_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    ...{ takesProof: takesProof(row), proofs },
  };
}

type Sentence = (value: string, limit: string) => string;
const sentences: Readonly<Record<RefusedDeposit["code"], Sentence>> = {
  UNKNOWN_ACCOUNT: () => "You have no account with this id.",
  AMOUNT_INVALID: () => "The amount has more digits than the currency, or is zero.",
  REQUEST_ID_REUSED: () => "This requestId was used for a different deposit.",
  DEMO_ACCOUNT: () => "A demo account takes no real money.",
  ACCOUNT_DISABLED: () => "The account is disabled.",
  CHANNEL_CLOSED: () => "Deposits this way are not offered now.",
  AMOUNT_MIN: (value, limit) => `${value} is below the least deposit of ${limit}.`,
  AMOUNT_MAX: (value, limit) => `${value} is above the largest deposit of ${limit}.`,
  FEE_EXCEEDS: (value, limit) => `The fee of ${limit} is not below the amount of ${value}.`,
  DAY_LIMIT: (value, limit) => `Deposits of 24 hours would be ${value}, above the limit of ${limit}.`,
  MONTH_LIMIT: (value, limit) => `Deposits of 30 days would be ${value}, above the limit of ${limit}.`,
  TOO_MANY_OPEN: (value) => `${value} deposits wait for their payment. Pay one of them.`,
};
const fields: Partial<Record<RefusedDeposit["code"], string>> = {
  UNKNOWN_ACCOUNT: "accountId",
  REQUEST_ID_REUSED: "requestId",
  CHANNEL_CLOSED: "channel",
  AMOUNT_INVALID: "amount",
  AMOUNT_MIN: "amount",
  AMOUNT_MAX: "amount",
  FEE_EXCEEDS: "amount",
  DAY_LIMIT: "amount",
  MONTH_LIMIT: "amount",
};

function refusedDeposit({ code, checks }: RefusedDeposit): CashierRefusal {
  const failed = checks.find((check) => check.code === code && !check.passed);
  const field = fields[code];
  return {
    status: code === "UNKNOWN_ACCOUNT" ? 404 : code === "REQUEST_ID_REUSED" ? 409 : 422,
    code,
    message: sentences[code](failed?.value ?? "", failed?.limit ?? ""),
    ...(field === undefined ? {} : { field }),
    ...(checks.length === 0 ? {} : { checks }),
  };
}
