import { z } from "zod";
import { attachmentTypes } from "#contracts/attachment-names.ts";
import { attachmentQuery, wireProof } from "#contracts/attachments-api.ts";
import { statementQuery, statementReply, wireBankDetails } from "#contracts/bank-api.ts";
import {
  depositAddressQuery,
  depositRequest,
  payoutTargetRequest,
  wireDeposit,
  wireDepositAddress,
  wireDepositTerms,
  wirePayoutTarget,
  wireWithdrawal,
  wireWithdrawalTerms,
  withdrawalRequest,
} from "#contracts/cashier-api.ts";
import { deviceRequest } from "#contracts/device-api.ts";
import { paymentChannels } from "#contracts/payment-names.ts";
import { type Add, accountQuery, answer, body, idParams, nothing, pageQuery, text } from "./openapi-parts.ts";

/** The page below; null: there is none. */
const next = z.string().nullable();
const historyPage = pageQuery.extend({ state: z.string().optional().describe("One or several, by commas.") });

/** What a trader asks of the cashier. */
export function describeCashier(add: Add): void {
  const byId = { params: idParams };
  const withdrawal = z.object({ withdrawal: wireWithdrawal });
  add("post", "/api/trading/device", "Tell of the browser, after the trader has agreed to it", {
    request: body(deviceRequest),
    responses: nothing,
  });
  add("get", "/api/trading/payout-targets", "Where the trader is paid to", {
    responses: { 200: answer(z.object({ targets: z.array(wirePayoutTarget) })) },
  });
  add("post", "/api/trading/payout-targets", "Add a place to be paid to; it waits for its cooling time", {
    request: body(payoutTargetRequest),
    responses: { 201: answer(z.object({ target: wirePayoutTarget })) },
  });
  add("delete", "/api/trading/payout-targets/{id}", "Take a place away", { request: byId, responses: nothing });
  add("get", "/api/trading/withdrawal-terms", "What each channel takes, costs and would pay out now", {
    request: { query: accountQuery },
    responses: { 200: answer(z.object({ terms: z.array(wireWithdrawalTerms) })) },
  });
  add("get", "/api/trading/withdrawals", "Withdrawals, newest first", {
    request: { query: historyPage },
    responses: { 200: answer(z.object({ withdrawals: z.array(wireWithdrawal), next })) },
  });
  add("post", "/api/trading/withdrawals", "Ask to be paid out; the money is held at once", {
    request: body(withdrawalRequest),
    responses: { 202: answer(withdrawal, "Taken: the money is held.") },
  });
  add("delete", "/api/trading/withdrawals/{id}", "Take a request back, as long as nothing was sent", {
    request: byId,
    responses: { 200: answer(withdrawal) },
  });
  add("get", "/api/trading/deposit-terms", "What each channel takes of the account now, and costs", {
    request: { query: accountQuery },
    responses: { 200: answer(z.object({ terms: z.array(wireDepositTerms) })) },
  });
  add("get", "/api/trading/bank-details", "Where to transfer money to, and the reference to write on it", {
    request: { query: accountQuery },
    responses: { 200: answer(z.object({ details: z.array(wireBankDetails) })) },
  });
  add("get", "/api/trading/deposit-address", "The account's own address on a chain, and what was seen there", {
    request: { query: depositAddressQuery },
    responses: { 200: answer(z.object({ address: wireDepositAddress })) },
  });
  add("get", "/api/trading/deposits", "Deposits, newest first", {
    request: { query: historyPage },
    responses: { 200: answer(z.object({ deposits: z.array(wireDeposit), next })) },
  });
  add("post", "/api/trading/deposits", "Ask where and with which reference to pay", {
    request: body(depositRequest),
    responses: { 202: answer(z.object({ deposit: wireDeposit }), "Written: the payment is waited for.") },
  });
  const files = Object.fromEntries(
    attachmentTypes.map((type) => [type, { schema: z.string().meta({ format: "binary" }) }]),
  );
  add("post", "/api/trading/deposits/{id}/proofs", "Add a proof of a bank transfer: the body is the file", {
    request: { params: idParams, query: attachmentQuery, body: { required: true, content: files } },
    responses: { 201: answer(z.object({ proof: wireProof }), "Kept; the same file again is the same proof.") },
  });
}

/** What payment channels call. Their bodies are signed, and taken as they are sent. */
export function describeNotices(add: Add): void {
  add(
    "post",
    "/api/payments/{channel}/{tenantId}/notice",
    "A payment channel tells of a payment; stored, then answered",
    {
      request: {
        params: z.object({ channel: z.enum(paymentChannels), tenantId: z.int() }),
        body: { content: { "application/x-www-form-urlencoded": { schema: z.object({}).loose() } } },
      },
      responses: text("The channel's own word for: taken."),
    },
  );
}

/** Where staff hand in the bank's files. */
export function describeStatements(add: Add): void {
  add("post", "/api/admin/bank-accounts/{id}/statements", "Take a bank's statement: the body is the file", {
    request: {
      params: idParams,
      query: statementQuery,
      body: {
        required: true,
        content: { "application/octet-stream": { schema: z.string().meta({ format: "binary" }) } },
      },
    },
    responses: {
      200: answer(statementReply, "Nothing was written: a dry run, or a file with errors."),
      201: answer(statementReply, "Taken."),
    },
  });
}
