import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { AccountView, WireFill, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import type { Page } from "../client/rest.ts";
import type { SessionController } from "./session.ts";

const endStates: readonly string[] = ["filled", "cancelled", "rejected", "expired"];
const lookAgainMs = 2_000;
const looksMax = 10;

export const hasEnded = (order: WireOrder): boolean => endStates.includes(order.state);

/** The account on screen: balance, positions, orders and fills. Snapshot by REST, then events. */
export class AccountController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: SessionController;
  readonly #views = new Map<string, AccountView>();
  readonly #awaited = new Map<string, Set<(order: WireOrder) => void>>();
  accountId: string | null = null;
  positions: readonly WirePosition[] = [];
  orders: Page<WireOrder> = { rows: [], next: null };
  fills: Page<WireFill> = { rows: [], next: null };
  load: "loading" | "ready" | "failed" = "loading";

  readonly #news: (order: WireOrder) => void;

  /** `news` hears of every order that an event or an answer brings, not of those that were there before. */
  constructor(host: ReactiveControllerHost, session: SessionController, news: (order: WireOrder) => void) {
    this.#host = host;
    this.#session = session;
    this.#news = news;
    host.addController(this);
    session.listen({
      connected: () => void this.reload(),
      order: (order) => this.takeOrder(order),
      fill: (fill) => this.#takeFill(fill),
      position: (position) => this.takePosition(position),
      balance: (view) => this.#takeView(view),
      changed: (what) => {
        if (what.resource === "accounts" && what.id === this.accountId) void this.reload();
      },
    });
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    this.#awaited.clear();
  }

  get view(): AccountView | undefined {
    return this.accountId === null ? undefined : this.#views.get(this.accountId);
  }

  position(instrumentId: string | null): WirePosition | undefined {
    return this.positions.find((one) => one.instrument === instrumentId);
  }

  async select(accountId: string): Promise<void> {
    if (accountId === this.accountId) return;
    this.accountId = accountId;
    this.positions = [];
    this.orders = { rows: [], next: null };
    this.fills = { rows: [], next: null };
    this.load = "loading";
    this.#host.requestUpdate();
    await this.reload();
  }

  forget(): void {
    this.accountId = null;
    this.positions = [];
    this.orders = { rows: [], next: null };
    this.fills = { rows: [], next: null };
    this.load = "loading";
    this.#views.clear();
    this.#awaited.clear();
  }

  async reload(): Promise<void> {
    const accountId = this.accountId;
    if (accountId === null) return;
    const { rest } = this.#session;
    try {
      const [view, positions, newest, open, fills] = await Promise.all([
        rest.account(accountId),
        rest.positions(accountId),
        rest.orders(accountId, null),
        rest.openOrders(accountId),
        rest.fills(accountId, null),
      ]);
      if (accountId !== this.accountId) return;
      this.#views.set(accountId, view);
      // An order may wait for weeks while others come and go.
      const orders = { ...joined(newest, open), next: newest.next };
      Object.assign(this, { positions, orders, fills, load: "ready" });
      for (const order of orders.rows) this.#tellAwaiting(order);
    } catch {
      if (accountId === this.accountId && this.load !== "ready") this.load = "failed";
    }
    this.#host.requestUpdate();
  }

  async loadMore(kind: "orders" | "fills"): Promise<void> {
    const accountId = this.accountId;
    const { next } = this[kind];
    if (accountId === null || next === null) return;
    if (kind === "orders") {
      const page = await this.#session.rest.orders(accountId, next);
      if (accountId === this.accountId) this.orders = joined(this.orders, page);
    } else {
      const page = await this.#session.rest.fills(accountId, next);
      if (accountId === this.accountId) this.fills = joined(this.fills, page);
    }
    this.#host.requestUpdate();
  }

  /** Waits for the end of an accepted order: by its event, or by reading it back when the event was missed. */
  async ended(order: WireOrder): Promise<WireOrder | null> {
    if (hasEnded(order)) return order;
    let tell: ((order: WireOrder) => void) | undefined;
    const byEvent = new Promise<WireOrder>((resolve) => {
      tell = resolve;
      const waiting = this.#awaited.get(order.id) ?? new Set();
      this.#awaited.set(order.id, waiting.add(resolve));
    });
    const known = this.orders.rows.find((one) => one.id === order.id);
    if (known && hasEnded(known)) return known;
    try {
      for (let look = 0; look < looksMax; look += 1) {
        const ended = await Promise.race([byEvent, pause(lookAgainMs)]);
        if (ended) return ended;
        const read = await this.#session.rest.order(order.id).catch(() => null);
        if (read && hasEnded(read)) {
          this.takeOrder(read);
          return read;
        }
      }
      return null;
    } finally {
      if (tell) this.#awaited.get(order.id)?.delete(tell);
      if (this.#awaited.get(order.id)?.size === 0) this.#awaited.delete(order.id);
    }
  }

  /** An order as an event or an answer tells it. */
  takeOrder(order: WireOrder): void {
    if (order.accountId === this.accountId) {
      const known = this.orders.rows.find((one) => one.id === order.id);
      // Events and read-backs cross; an ended order never goes back to waiting.
      if (!known || !hasEnded(known)) {
        this.orders = { ...this.orders, rows: upserted(this.orders.rows, order) };
        this.#news(order);
      }
    }
    this.#tellAwaiting(order);
    this.#host.requestUpdate();
  }

  #tellAwaiting(order: WireOrder): void {
    if (!hasEnded(order)) return;
    for (const tell of this.#awaited.get(order.id) ?? []) tell(order);
  }

  #takeFill(fill: WireFill): void {
    if (fill.accountId !== this.accountId) return;
    this.fills = { ...this.fills, rows: upserted(this.fills.rows, fill) };
    this.#host.requestUpdate();
  }

  /** A position as an event or an answer tells it. */
  takePosition(position: WirePosition): void {
    if (position.accountId !== this.accountId) return;
    const others = this.positions.filter((one) => one.id !== position.id);
    const sorted = [...others, position].sort((a, b) => a.instrument.localeCompare(b.instrument));
    this.positions = position.lots === "0" ? others : sorted;
    this.#host.requestUpdate();
  }

  #takeView(view: AccountView): void {
    this.#views.set(view.id, view);
    this.#host.requestUpdate();
  }
}

/** Replaces the row of the same id in its place, or puts a new one first. */
function upserted<Row extends { readonly id: string }>(rows: readonly Row[], row: Row): readonly Row[] {
  const at = rows.findIndex((one) => one.id === row.id);
  return at < 0 ? [row, ...rows] : rows.with(at, row);
}

function joined<Row extends { readonly id: string }>(shown: Page<Row>, more: Page<Row>): Page<Row> {
  const known = new Set(shown.rows.map((row) => row.id));
  return { rows: [...shown.rows, ...more.rows.filter((row) => !known.has(row.id))], next: more.next };
}

const pause = (ms: number): Promise<null> => new Promise((resolve) => setTimeout(() => resolve(null), ms));
