import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { OrderType, Side } from "#contracts/names.ts";
import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { OrderAnswer, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { newClientOrderId, submitOrder } from "../client/submit-order.ts";
import type { ExitRequest } from "../events.ts";
import { marketDraft, type OrderDraft, requestOf, withType } from "../format/order-draft.ts";
import { allowedLots } from "../format/ticket.ts";
import type { AccountController } from "./account.ts";
import { forgetOneClick, isOneClickOn, rememberOneClick } from "./one-click.ts";
import type { QuotesController } from "./quotes.ts";
import type { SessionController } from "./session.ts";

type FailedAnswer = Exclude<OrderAnswer, { order: WireOrder }>;

/** Where the last order stands, shown in place. */
export type OrderLife =
  | { readonly kind: "placing" | "vetoed" | "unknown"; readonly instrumentId: string }
  | { readonly kind: "accepted"; readonly order: WireOrder }
  | { readonly kind: "ended"; readonly order: WireOrder; readonly tookMs: number }
  | { readonly kind: "refused"; readonly answer: FailedAnswer; readonly instrumentId: string };

/** What waits for its confirming click. */
export type Prepared =
  | { readonly kind: "order"; readonly side: Side; readonly atMs: number }
  /** What lies under a button that asks once more: `key` names the button. */
  | { readonly kind: "exit"; readonly key: string; readonly atMs: number };

interface TicketHost extends ReactiveControllerHost {
  /** False when the page held the order back. */
  readonly mayPlace: (request: PlaceOrderRequest | ExitRequest) => boolean;
  readonly placed: (order: WireOrder) => void;
}

const ackTimeoutMs = 5_000;
const preparedForMs = 15_000;
/** The second half of a double click must not confirm what the first half prepared. */
const doubleClickMs = 400;
export const slippageChoices = [0, 1, 2, 4, 8, 20] as const;

/** The order ticket: lots, slippage, what is prepared, and the life of the order that was sent. */
export class TicketController implements ReactiveController {
  readonly #host: TicketHost;
  readonly #session: SessionController;
  readonly #quotes: QuotesController;
  readonly #account: AccountController;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;
  lots = 1n;
  draft: OrderDraft = marketDraft;
  maxSlippageTicks = 4;
  oneClick = isOneClickOn(Date.now());
  prepared: Prepared | null = null;
  life: OrderLife | null = null;
  /** Fields of the ticket that the last refusal was for, until something of the order is changed. */
  wrongFields: readonly string[] = [];

  constructor(
    host: TicketHost,
    parts: { session: SessionController; quotes: QuotesController; account: AccountController },
  ) {
    this.#host = host;
    this.#session = parts.session;
    this.#quotes = parts.quotes;
    this.#account = parts.account;
    host.addController(this);
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    clearTimeout(this.#expiry);
  }

  get busy(): boolean {
    return this.life?.kind === "placing";
  }

  setLots(lots: bigint): void {
    const instrument = this.#quotes.selected;
    this.lots = instrument ? allowedLots(lots, instrument) : lots;
    this.cancel();
  }

  stepLots(direction: 1n | -1n): void {
    const step = BigInt(this.#quotes.selected?.lotStep ?? "1");
    this.setLots(this.lots + direction * step);
  }

  /** What was prepared is another order now. */
  setDraft(change: Partial<OrderDraft>): void {
    this.draft = { ...this.draft, ...change };
    this.cancel();
  }

  setType(type: OrderType): void {
    const quote = this.#quotes.quote(this.#quotes.selectedId);
    if (this.#quotes.selected && quote) this.setDraft(withType(this.draft, type, quote, this.#quotes.selected));
  }

  toggleLeg(kind: "takeProfit" | "stopLoss"): void {
    if (!this.draft.reduceOnly) this.setDraft({ [kind]: { ...this.draft[kind], on: !this.draft[kind].on } });
  }

  setSlippage(ticks: number): void {
    this.maxSlippageTicks = ticks;
    this.#host.requestUpdate();
  }

  setOneClick(on: boolean): void {
    this.oneClick = on;
    if (on) rememberOneClick(Date.now());
    else forgetOneClick();
    this.cancel();
  }

  /** A new instrument or account: nothing of the old one may be confirmed any more. */
  turnOver(): void {
    this.life = null;
    // A price of one instrument means nothing in another.
    this.draft = marketDraft;
    this.setLots(this.lots);
  }

  cancel(): void {
    this.prepared = null;
    this.wrongFields = [];
    clearTimeout(this.#expiry);
    this.#host.requestUpdate();
  }

  prepare(what: { kind: "order"; side: Side } | { kind: "exit"; key: string }): void {
    clearTimeout(this.#expiry);
    this.prepared = { ...what, atMs: performance.now() };
    this.#expiry = setTimeout(() => this.cancel(), preparedForMs);
    this.#host.requestUpdate();
  }

  /** A press on Buy or Sell: sends with one click, else prepares, else confirms what was prepared. */
  async press(side: Side, quotedPrice: string): Promise<void> {
    const waiting = this.prepared?.kind === "order" && this.prepared.side === side ? this.prepared : null;
    if (!this.oneClick && !waiting) return this.prepare({ kind: "order", side });
    if (waiting && this.#isDoubleClick(waiting)) return;
    await this.#place(side, quotedPrice);
  }

  /** Whether a press on the button `key` means it: with one click at once, else at the second press. */
  confirms(key: string): boolean {
    if (this.busy) return false;
    const waiting = this.prepared?.kind === "exit" && this.prepared.key === key ? this.prepared : null;
    if (!this.oneClick && !waiting) {
      this.prepare({ kind: "exit", key });
      return false;
    }
    if (waiting && this.#isDoubleClick(waiting)) return false;
    this.cancel();
    return true;
  }

  /** Closes so many lots of a position; sent at once, for presses that are confirmed already. */
  async close(position: WirePosition, lots = position.lots): Promise<void> {
    if (this.busy) return;
    const request = { clientOrderId: newClientOrderId(), lots };
    const allowed = this.#host.mayPlace({ kind: "close", position, lots });
    await this.#submit(position.instrument, allowed, {
      socket: () => this.#overSocket("close", { positionId: position.id, ...request }),
      rest: () => this.#session.rest.close(position.id, request),
    });
  }

  /** Turns a position to the other side in one order. */
  async reverse(position: WirePosition): Promise<void> {
    if (this.busy) return;
    const request = { clientOrderId: newClientOrderId() };
    const allowed = this.#host.mayPlace({ kind: "reverse", position, lots: position.lots });
    await this.#submit(position.instrument, allowed, {
      socket: () => this.#overSocket("reverse", { positionId: position.id, ...request }),
      rest: () => this.#session.rest.reverse(position.id, request),
    });
  }

  #isDoubleClick = (prepared: Prepared): boolean => performance.now() - prepared.atMs < doubleClickMs;

  async #place(side: Side, quotedPrice: string): Promise<void> {
    const { selected, selectedId } = this.#quotes;
    const quote = this.#quotes.quote(selectedId);
    const { accountId } = this.#account;
    if (!selected || !quote || accountId === null || this.busy) return;
    const { lots, maxSlippageTicks } = this;
    const at = { side, quote, instrument: selected, lots, nowMs: this.#session.nowMs() };
    const asked = requestOf(this.draft, at, { quotedPrice, maxSlippageTicks });
    const request = { clientOrderId: newClientOrderId(), accountId, instrument: selected.id, ...asked };
    const allowed = this.#host.mayPlace(request);
    await this.#submit(selected.id, allowed, {
      socket: () => this.#overSocket("order", request),
      rest: () => this.#session.rest.place(request),
    });
  }

  #overSocket(event: "order" | "close" | "reverse", request: unknown): Promise<OrderAnswer> {
    const live = this.#session.live;
    if (!live?.connected) return Promise.reject(new Error("the socket is closed"));
    return live.submit(event, request, ackTimeoutMs);
  }

  async #submit(
    instrumentId: string,
    allowed: boolean,
    routes: { socket: () => Promise<OrderAnswer>; rest: () => Promise<OrderAnswer> },
  ): Promise<void> {
    this.cancel();
    this.#turn += 1;
    const turn = this.#turn;
    const say = (life: OrderLife): void => {
      if (turn !== this.#turn) return;
      this.life = life;
      this.#host.requestUpdate();
    };
    if (!allowed) return say({ kind: "vetoed", instrumentId });
    if (this.oneClick) rememberOneClick(Date.now());
    const sentAt = performance.now();
    say({ kind: "placing", instrumentId });
    const answer = await submitOrder({ ...routes, wait });
    if (answer === null) return say({ kind: "unknown", instrumentId });
    if (!("order" in answer)) {
      this.wrongFields = turn === this.#turn ? Object.keys(answer.errors ?? {}) : this.wrongFields;
      say({ kind: "refused", answer, instrumentId });
      if (answer.status === 401) this.#session.expire();
      return;
    }
    say({ kind: "accepted", order: answer.order });
    this.#host.placed(answer.order);
    this.#account.takeOrder(answer.order);
    // It may wait for days; its events and the list of orders tell the rest.
    if (answer.order.state === "working") return;
    const ended = await this.#account.ended(answer.order);
    if (!ended) return;
    say({ kind: "ended", order: ended, tookMs: Math.max(1, Math.round(performance.now() - sentAt)) });
    this.#host.placed(ended);
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
