import { z } from "zod";
import type { PaymentEventSource, PaymentStatus } from "#contracts/payment-names.ts";
import type { AskedPayment, DepositChannel, NoticeRefusal, PaymentNotice } from "#core/deposit-channel.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { askGatewayStatement } from "./gateway-statement.ts";
import { askSigned } from "./signed-call.ts";
import { isSigned, type Parameters, readForm, signed } from "./signed-parameters.ts";

/** A merchant's account at a redirect gateway. */
export interface GatewaySettings {
  readonly tenantId: number;
  readonly merchantId: string;
  readonly secret: string;
  /** Where a trader's browser is sent to pay. */
  readonly payUrl: string;
  /** Where a payment is asked about by our reference; null: the gateway has no such address, its notices are the facts. */
  readonly queryUrl: string | null;
  /** Where its statement of a day is asked for; null: it has none, payments are asked about one by one. */
  readonly settleUrl: string | null;
  /** Ours: where it tells us of payments, and where it sends the browser back to. */
  readonly notifyUrl: string;
  readonly returnUrl: string;
  readonly now: () => number;
}

const answerBytesMax = 64 * 1024;
/** A gateway tells for a day; what it signed longer ago is a recording. Clocks may differ by minutes. */
const noticeAgeMsMax = 24 * 3_600_000;
const clockDriftMsMax = 5 * 60_000;

const said = z.object({
  merchant_id: z.string().max(64),
  order_no: z.string().max(64).default(""),
  trade_no: z.string().regex(/^[\w.:-]{1,100}$/),
  status: z.enum(["PENDING", "SUCCESS", "FAILED", "REFUNDED", "CHARGEBACK"]),
  amount: z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,8})?$/),
  currency: z.string().regex(/^[A-Z]{3,8}$/),
  timestamp: z.string().regex(/^\d{1,12}$/),
});

const statusOf: Readonly<Record<z.infer<typeof said>["status"], PaymentStatus>> = {
  PENDING: "pending",
  SUCCESS: "paid",
  FAILED: "failed",
  REFUNDED: "reversed",
  CHARGEBACK: "reversed",
};

/** The redirect gateway of this trade: signed parameters in the browser's address, an asynchronous notice, a query by reference. */
export function gateway(settings: GatewaySettings): DepositChannel {
  const { tenantId, merchantId, secret, payUrl, queryUrl, settleUrl, notifyUrl, returnUrl, now } = settings;
  return {
    ...{ channel: "gateway", tenantId, answers: { taken: "success", refused: "fail" } },
    begin: async ({ reference, amount, currency, nowMs }) => {
      const parameters = signed(
        {
          ...{ merchant_id: merchantId, order_no: reference, amount, currency },
          ...{ notify_url: notifyUrl, return_url: returnUrl, timestamp: seconds(nowMs), sign_type: "HMAC-SHA256" },
        },
        secret,
      );
      const address = new URL(payUrl);
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
      return { payUrl: address.href };
    },
    readNotice: ({ body, nowMs }) => {
      const parameters = readForm(body);
      if (parameters === null) return refuse("NOTICE_MALFORMED");
      if (!isSigned(parameters, secret)) return refuse("SIGNATURE_INVALID");
      const read = readSaid(parameters, merchantId, "notice", body);
      if (!read.ok) return read;
      const ageMs = nowMs - Number(parameters.timestamp) * 1_000;
      return ageMs > noticeAgeMsMax || ageMs < -clockDriftMsMax ? refuse("NOTICE_TOO_OLD") : read;
    },
    ask:
      queryUrl === null
        ? null
        : ({ reference, paymentNo }) =>
            ask(queryUrl, secret, {
              ...{ merchant_id: merchantId, order_no: reference ?? "", trade_no: paymentNo ?? "" },
              timestamp: seconds(now()),
            }),
    ...(settleUrl === null ? {} : { statement: askGatewayStatement({ settleUrl, merchantId, secret, now }) }),
  };
}

const seconds = (ms: number): string => String(Math.floor(ms / 1_000));

/** Anything but a signed answer is none: a proxy's error page must not end a payment. */
async function ask(url: string, secret: string, parameters: Parameters): Promise<AskedPayment> {
  const answer = await askSigned(url, secret, parameters, answerBytesMax);
  if (answer === null) return { kind: "no-answer" };
  const { told, body } = answer;
  if (told.status === "NOT_FOUND" && told.order_no === parameters.order_no) return { kind: "nothing" };
  const read = readSaid(told, parameters.merchant_id ?? "", "answer", body);
  const isAboutIt =
    read.ok &&
    (told.order_no === parameters.order_no || (told.trade_no === parameters.trade_no && told.trade_no !== ""));
  return isAboutIt ? { kind: "fact", notice: read.value } : { kind: "no-answer" };
}

function readSaid(
  parameters: Parameters,
  merchantId: string,
  source: PaymentEventSource,
  body: Uint8Array,
): Result<PaymentNotice, NoticeRefusal> {
  const parsed = said.safeParse(parameters);
  if (!parsed.success) return refuse("NOTICE_MALFORMED");
  const { merchant_id, order_no, trade_no: paymentNo, amount, currency } = parsed.data;
  if (merchant_id !== merchantId) return refuse("MERCHANT_UNKNOWN");
  const status = statusOf[parsed.data.status];
  return ok({
    externalId: [source, paymentNo, status, amount, currency, order_no].join(":"),
    reference: order_no === "" ? null : order_no,
    ...{ paymentNo, status, amount, currency, source, body },
  });
}
