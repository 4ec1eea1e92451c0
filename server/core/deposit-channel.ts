import type { PaymentChannel, PaymentEventSource, PaymentStatus } from "#contracts/payment-names.ts";
import type { AskStatement } from "./channel-statement.ts";
import type { Result } from "./result.ts";

/** What a channel said about one payment, as it said it. */
export interface PaymentNotice {
  /** Names the fact: the same said again has the same id, another amount or status another one. */
  readonly externalId: string;
  /** Ours, as the payer gave it; null: he gave none. */
  readonly reference: string | null;
  /** The payment's number at the channel. */
  readonly paymentNo: string;
  readonly status: PaymentStatus;
  /** Decimal in major units. */
  readonly amount: string;
  readonly currency: string;
  /** Decimal: what of a paid amount was taken back by now; absent: the channel does not say. */
  readonly takenBack?: string;
  /** Who paid, as the channel names him; absent: it does not. */
  readonly payerName?: string;
  readonly source: PaymentEventSource;
  /** The bytes it was read from. */
  readonly body: Uint8Array;
}

/** What arrived at a channel's address, unread. */
export interface RawNotice {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly nowMs: number;
}

/** Why a notice is not believed; nothing of it is kept. */
export type NoticeRefusal =
  | "NOTICE_MALFORMED"
  | "SIGNATURE_INVALID"
  | "MERCHANT_UNKNOWN"
  | "NOTICE_TOO_OLD"
  | "AMOUNT_INVALID";

/** What a trader is to pay. */
export interface DepositIntent {
  readonly reference: string;
  /** Decimal in major units. */
  readonly amount: string;
  readonly currency: string;
  readonly nowMs: number;
}

/** A fact; `nothing`: the channel knows no such payment yet; `no-answer`: it can't be known now, ask again. */
export type AskedPayment =
  | { readonly kind: "fact"; readonly notice: PaymentNotice }
  | { readonly kind: "nothing" }
  | { readonly kind: "no-answer" };

/**
 * One way that money comes in, for one partner. Called outside of any transaction; nothing here moves money. What it is told and
 * what it asks are facts to be stored first and interpreted afterwards, by the same code for every channel.
 */
export interface DepositChannel {
  readonly channel: PaymentChannel;
  readonly tenantId: number;
  /** Whether a payment can be asked for of this amount (decimal in major units); absent: of any. */
  readonly takes?: (amount: string, currency: string) => boolean;
  /** Where the trader pays, asked for once for each reference; null: nobody answered, which is not asked again but polled. */
  readonly begin: (intent: DepositIntent) => Promise<{ readonly payUrl: string | null } | null>;
  /** Reads a notice from its bytes: signature first, then the rest. null: it is the channel's and says nothing of a payment. */
  readonly readNotice: (raw: RawNotice) => Result<PaymentNotice | null, NoticeRefusal>;
  /** What is answered to a notice that is stored, and to one that is not. */
  readonly answers: { readonly taken: string; readonly refused: string };
  /** Asks about a payment by our reference or its number; null: the channel can't be asked, its notices are the facts. */
  readonly ask:
    | ((of: { readonly reference: string | null; readonly paymentNo: string | null }) => Promise<AskedPayment>)
    | null;
  /** Asks for all that it did; absent: it can only be asked payment by payment. */
  readonly statement?: AskStatement;
}
