import { formatDecimal } from "#core/units.ts";
import { type BankFile, camt053, mt940 } from "./bank-files.ts";

/** A payment that the house ordered, as the bank has it in its own books. */
export interface PaymentOrder {
  /** What the house said it is for. */
  readonly purpose: string;
  readonly cents: bigint;
  /** refused: it never left, such as to an account that is closed. */
  readonly outcome: "paid" | "refused";
}

/** A statement of what was booked since the last one that the house has taken. */
export interface DrawnStatement {
  readonly format: "camt053" | "mt940";
  readonly text: string;
  /** So many lines of the account are told, all in all. */
  readonly lines: number;
}

type Line = Omit<BankFile["lines"][number], "amount"> & { readonly cents: bigint };

/** The house's account at a bank, in dollars, that keeps books of its own: tests take them as the truth. */
export function scriptedBank({ iban }: { readonly iban: string }) {
  const lines: Line[] = [];
  const orders: PaymentOrder[] = [];
  let told = 0;
  let statements = 0;
  const balanceAt = (count: number): bigint => lines.slice(0, count).reduce((sum, { cents }) => sum + cents, 0n);
  const book = (line: Omit<Line, "bookedOn" | "bankReference">): string => {
    const bankReference = `B${lines.length}`;
    lines.push({ ...line, bankReference, bookedOn: new Date().toISOString().slice(0, 10) });
    return bankReference;
  };
  return {
    lines,
    orders,
    balance: (): bigint => balanceAt(lines.length),
    /** Money comes; the bank's number of it. */
    receive: (of: { readonly cents: bigint; readonly partyName: string; readonly text: string }): string => book(of),
    /** An order of the house's is carried out, each one that is given. */
    pay: (order: PaymentOrder): void => {
      orders.push(order);
      if (order.outcome === "paid") book({ cents: -order.cents, partyName: "A Trader", text: order.purpose });
    },
    /** null: nothing was booked since. */
    statement: (): DrawnStatement | null => {
      const upto = lines.length;
      if (upto === told) return null;
      const amount = (cents: bigint): string => formatDecimal(cents, 2);
      const fresh = lines.slice(told, upto).map(({ cents, ...line }) => ({ ...line, amount: amount(cents) }));
      const [opening, closing] = [amount(balanceAt(told)), amount(balanceAt(upto))];
      const file: BankFile = { iban, currency: "USD", opening, closing, lines: fresh };
      const format = statements % 2 === 0 ? "camt053" : "mt940";
      return { format, text: format === "camt053" ? camt053(file) : mt940(file), lines: upto };
    },
    /** The house has taken it. */
    wasTaken: ({ lines: upto }: DrawnStatement): void => {
      told = upto;
      statements += 1;
    },
  };
}

export type ScriptedBank = ReturnType<typeof scriptedBank>;
