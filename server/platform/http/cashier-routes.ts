import express, { type Request, type Router } from "express";
import { z } from "zod";
import type { WireBankDetails } from "#contracts/bank-api.ts";
import {
  type DepositRequest,
  depositAddressQuery,
  depositRequest,
  type PayoutTargetRequest,
  payoutTargetRequest,
  type WireDeposit,
  type WireDepositAddress,
  type WireDepositTerms,
  type WirePayoutTarget,
  type WireWithdrawal,
  type WireWithdrawalTerms,
  type WithdrawalRequest,
  withdrawalRequest,
} from "#contracts/cashier-api.ts";
import { type HistoryPage, historyQuery } from "#contracts/cashier-history-api.ts";
import type { TraderIdentity } from "#contracts/identity.ts";
import { type WithdrawalState, withdrawalStates } from "#contracts/names.ts";
import { type ChainChannel, type DepositState, depositStates } from "#contracts/payment-names.ts";
import { ProblemError, parseRequest } from "./problem.ts";
import { traderIn } from "./require.ts";

/** A no of the cashier, told as it is: status, code, sentence, the field at fault, and what was compared. */
export interface CashierRefusal {
  readonly status: 404 | 409 | 422;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly checks?: readonly unknown[];
}
export type CashierAnswer<Value> = { readonly value: Value } | { readonly refusal: CashierRefusal };

export interface CashierPorts {
  readonly targets: (trader: TraderIdentity) => Promise<readonly WirePayoutTarget[]>;
  readonly addTarget: (trader: TraderIdentity, wanted: PayoutTargetRequest) => Promise<CashierAnswer<WirePayoutTarget>>;
  readonly removeTarget: (trader: TraderIdentity, id: string) => Promise<CashierAnswer<null>>;
  /** null: the account is not the trader's. */
  readonly terms: (trader: TraderIdentity, accountId: string) => Promise<readonly WireWithdrawalTerms[] | null>;
  /** null: the account is not the trader's. */
  readonly withdrawals: (
    trader: TraderIdentity,
    asked: HistoryPage<WithdrawalState>,
  ) => Promise<{ readonly withdrawals: readonly WireWithdrawal[]; readonly next: string | null } | null>;
  readonly withdraw: (trader: TraderIdentity, wanted: WithdrawalRequest) => Promise<CashierAnswer<WireWithdrawal>>;
  /** null: the account is not the trader's. */
  readonly deposits: (
    trader: TraderIdentity,
    asked: HistoryPage<DepositState>,
  ) => Promise<{ readonly deposits: readonly WireDeposit[]; readonly next: string | null } | null>;
  /** null: the account is not the trader's. */
  readonly depositTerms: (trader: TraderIdentity, accountId: string) => Promise<readonly WireDepositTerms[] | null>;
  readonly bankDetails: (trader: TraderIdentity, accountId: string) => Promise<readonly WireBankDetails[] | null>;
  readonly depositAddress: (
    trader: TraderIdentity,
    of: { readonly accountId: string; readonly channel: ChainChannel },
  ) => Promise<CashierAnswer<WireDepositAddress>>;
  readonly deposit: (trader: TraderIdentity, wanted: DepositRequest) => Promise<CashierAnswer<WireDeposit>>;
  readonly cancel: (trader: TraderIdentity, id: string) => Promise<CashierAnswer<WireWithdrawal>>;
}

const idParams = z.strictObject({ id: z.uuid() });
const accountQuery = z.strictObject({ accountId: z.uuid() });
const withdrawalsQuery = historyQuery(withdrawalStates);
const depositsQuery = historyQuery(depositStates);
const idIn = (request: Request): string => parseRequest(idParams, request.params).id.toLowerCase();

/** A trader's deposits, where he is paid to, and his withdrawals. Mounted at /api/trading, behind requireTrader. */
export function cashierRoutes(ports: CashierPorts): Router {
  const router = express.Router();
  router.get("/payout-targets", async (_request, response) => {
    response.json({ targets: await ports.targets(traderIn(response)) });
  });
  router.post("/payout-targets", async (request, response) => {
    const wanted = parseRequest(payoutTargetRequest, request.body);
    response.status(201).json({ target: done(await ports.addTarget(traderIn(response), wanted)) });
  });
  router.delete("/payout-targets/:id", async (request, response) => {
    done(await ports.removeTarget(traderIn(response), idIn(request)));
    response.status(204).end();
  });
  router.get("/withdrawal-terms", async (request, response) => {
    const { accountId } = parseRequest(accountQuery, request.query);
    response.json({ terms: ofOwn(await ports.terms(traderIn(response), accountId)) });
  });
  router.get("/withdrawals", async (request, response) => {
    const asked = parseRequest(withdrawalsQuery, request.query);
    response.json(ofOwn(await ports.withdrawals(traderIn(response), asked)));
  });
  router.post("/withdrawals", async (request, response) => {
    const wanted = parseRequest(withdrawalRequest, request.body);
    response.status(202).json({ withdrawal: done(await ports.withdraw(traderIn(response), wanted)) });
  });
  router.delete("/withdrawals/:id", async (request, response) => {
    response.json({ withdrawal: done(await ports.cancel(traderIn(response), idIn(request))) });
  });
  router.get("/deposit-terms", async (request, response) => {
    const { accountId } = parseRequest(accountQuery, request.query);
    response.json({ terms: ofOwn(await ports.depositTerms(traderIn(response), accountId)) });
  });
  router.get("/bank-details", async (request, response) => {
    const { accountId } = parseRequest(accountQuery, request.query);
    response.json({ details: ofOwn(await ports.bankDetails(traderIn(response), accountId)) });
  });
  router.get("/deposit-address", async (request, response) => {
    const of = parseRequest(depositAddressQuery, request.query);
    response.json({ address: done(await ports.depositAddress(traderIn(response), of)) });
  });
  router.get("/deposits", async (request, response) => {
    const asked = parseRequest(depositsQuery, request.query);
    response.json(ofOwn(await ports.deposits(traderIn(response), asked)));
  });
  router.post("/deposits", async (request, response) => {
    const wanted = parseRequest(depositRequest, request.body);
    response.status(202).json({ deposit: done(await ports.deposit(traderIn(response), wanted)) });
  });
  return router;
}

function ofOwn<Value>(found: Value | null): Value {
  if (found === null) throw new ProblemError(404, "UNKNOWN_ACCOUNT", "You have no account with this id.");
  return found;
}

function done<Value>(answer: CashierAnswer<Value>): Value {
  if ("value" in answer) return answer.value;
  const { status, code, message, field, checks } = answer.refusal;
  throw new ProblemError(status, code, message, {
    ...(field === undefined ? {} : { errors: { [field]: message } }),
    ...(checks === undefined ? {} : { extra: { checks } }),
  });
}
