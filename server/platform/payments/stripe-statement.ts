import type Stripe from "stripe";
import { z } from "zod";
import type { AskedStatement, AskStatement, StatedBalance, StatedLine } from "#core/channel-statement.ts";
import { fromStripe } from "./stripe-amounts.ts";

/** As many as Stripe lists at once, and so many lists for one statement. */
const listed = 100;
const listsMax = 1_000;

const id = z.string().regex(/^[\w-]{1,100}$/);
const currency = z.string().regex(/^[a-z]{3}$/);
/** What a line is about, where it was asked for with it: a charge, a refund, a dispute. */
const source = z.object({
  amount: z.int().nonnegative().optional(),
  currency: currency.optional(),
  payment_intent: z.union([id, z.object({ id }).transform((object) => object.id)]).nullish(),
  metadata: z
    .looseObject({ reference: z.string().max(64).optional() })
    .nullish()
    .catch(null),
});
const transaction = z.object({
  ...{ id, amount: z.int(), fee: z.int(), currency, created: z.int().nonnegative(), type: z.string().max(100) },
  source: z.union([id.transform(() => null), source]).nullish(),
});
type Transaction = z.infer<typeof transaction>;

const funds = z.array(z.object({ amount: z.int(), currency }));
const balance = z.object({ available: funds, pending: funds });

/** What Stripe takes for itself, as a line of its own. */
const feeTypes = new Set(["stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost"]);

/**
 * Stripe's statement: its balance transactions, and what the balance is. A charge counts with what its payer paid; Stripe's fee for it, which it
 * keeps back, is a line beside it. A payment in another currency than the balance counts in the payer's.
 */
export const askStripeStatement =
  (stripe: Stripe): AskStatement =>
  async (fromMs): Promise<AskedStatement> => {
    try {
      const lines: StatedLine[] = [];
      let after: string | undefined;
      for (let lists = 0; ; lists += 1) {
        if (lists === listsMax) return { kind: "too-much" };
        const page = await stripe.balanceTransactions.list({
          ...{ created: { gte: Math.floor(fromMs / 1_000) }, limit: listed, expand: ["data.source"] },
          ...(after === undefined ? {} : { starting_after: after }),
        });
        for (const one of page.data) lines.push(...linesOf(transaction.parse(one)));
        after = page.data.at(-1)?.id;
        if (!page.has_more || after === undefined) break;
      }
      return { kind: "stated", lines, balances: balancesOf(balance.parse(await stripe.balance.retrieve())) };
    } catch {
      // Whatever went wrong, at Stripe or on the way: what it has is not known now.
      return { kind: "no-answer" };
    }
  };

function linesOf(one: Transaction): StatedLine[] {
  const about = one.source ?? null;
  const paymentNo = about?.payment_intent ?? null;
  const isExchanged = paymentNo !== null && about?.currency !== undefined && about.currency !== one.currency;
  const counted = isExchanged
    ? { amount: Math.sign(one.amount) * (about.amount ?? 0), currency: about.currency ?? "" }
    : { amount: one.amount, currency: one.currency };
  const line = { paymentNo, reference: about?.metadata?.reference ?? null, atMs: one.created * 1_000 };
  const fee = {
    ...line,
    ...decimal({ amount: -one.fee, currency: one.currency }),
    lineNo: `${one.id}:fee`,
    isFee: true,
  };
  return [
    { ...line, ...decimal(counted), lineNo: one.id, isFee: feeTypes.has(one.type) },
    ...(one.fee === 0 ? [] : [fee]),
  ];
}

/** Available and pending together. */
function balancesOf({ available, pending }: z.infer<typeof balance>): StatedBalance[] {
  const sums = new Map<string, number>();
  for (const one of [...available, ...pending]) sums.set(one.currency, (sums.get(one.currency) ?? 0) + one.amount);
  return [...sums].map(([code, amount]) => decimal({ amount, currency: code }));
}

function decimal({ amount, currency: code }: { readonly amount: number; readonly currency: string }): StatedBalance {
  const text = fromStripe(Math.abs(amount), code.toUpperCase());
  if (text === null) throw new Error(`Stripe says ${amount} ${code}`);
  return { currency: code.toUpperCase(), amount: amount < 0 ? `-${text}` : text };
}
