import { LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { Locale } from "#contracts/names.ts";
import type { AskServer, CashierState } from "../client/cashier-client.ts";
import { base } from "../styles/base.styles.ts";
import { cashierStyles } from "./cashier.styles.ts";

/** What the cashier says above its page. */
export interface Note {
  readonly look: "ok" | "bad";
  readonly text: string;
}

/** The words of a refusal by its code, with what was compared. */
export type RefusalWords = Readonly<Partial<Record<string, (value: string, limit: string) => string>>>;

/** Does one thing at a time: shows what it says, or why it was refused, and reads everything anew. */
export type RunInCashier = (work: () => Promise<Note | null>, refusals: RefusalWords) => Promise<void>;

/** A page of the cashier. */
export class CashierPage extends LitElement {
  static override styles = [base, cashierStyles];
  @property({ attribute: false }) accountId = "";
  @property({ attribute: false }) locale: Locale = "en";
  @property({ attribute: false }) ask: AskServer = () => Promise.reject(new Error("no server"));
  @property({ attribute: false }) known: CashierState | null = null;
  @property({ attribute: false }) busy = false;
  @property({ attribute: false }) run: RunInCashier = () => Promise.resolve();
  /** Takes away what the cashier said last: it is of another request. */
  @property({ attribute: false }) forget: () => void = () => {};
}
