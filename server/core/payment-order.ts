import { assert } from "./result.ts";
import { formatDecimal, type MinorUnits } from "./units.ts";

/** One credit transfer. Texts as `sepaText` writes them. */
export interface OrderedTransfer {
  /** At most 35 characters; the bank's statements name the payment by it. */
  readonly endToEndId: string;
  /** More than zero. */
  readonly amount: MinorUnits;
  readonly payee: string;
  readonly iban: string;
}

/** What a bank is told to pay from one account, in one currency, whatever the file's kind. */
export interface PaymentOrder {
  /** At most 35 characters; a bank takes the same once. */
  readonly id: string;
  readonly createdAt: Date;
  /** YYYY-MM-DD. */
  readonly executeOn: string;
  readonly currency: string;
  readonly scale: number;
  readonly payer: { readonly name: string; readonly iban: string; readonly bic: string | null };
  readonly transfers: readonly OrderedTransfer[];
}

/** Writes an order as the bytes that go to the bank; the same order is the same bytes. */
export type WritePaymentOrder = (order: PaymentOrder) => Uint8Array;

/** How many, and their sum in major units: the file says both so that the bank notices what is missing. */
export function controlsOf({ transfers, scale }: PaymentOrder): { readonly count: string; readonly sum: string } {
  assert(transfers.length > 0, "a payment order without transfers");
  const total = transfers.reduce((sum, { amount }) => sum + amount, 0n);
  return { count: String(transfers.length), sum: formatDecimal(total, scale) };
}
