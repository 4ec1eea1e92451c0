import { html, LitElement, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Interval, Locale, Side } from "#contracts/names.ts";
import type { PlaceOrderRequest } from "#contracts/order-requests.ts";
import type { LoginReply, WireOrder } from "#contracts/trading-api.ts";
import { AccountController } from "../controllers/account.ts";
import { CapacityController } from "../controllers/capacity.ts";
import { CommandsController } from "../controllers/commands.ts";
import { runCommand } from "../controllers/desk-commands.ts";
import { singleKeysOn } from "../controllers/one-click.ts";
import { QuotesController } from "../controllers/quotes.ts";
import { type FetchSession, SessionController } from "../controllers/session.ts";
import { TicketController } from "../controllers/ticket.ts";
import { beforeOrder, type ChangeRequest, type ExitRequest } from "../events.ts";
import { localeOf, upDownOf } from "../format/culture.ts";
import { serverOriginOf } from "../server-origin.ts";
import { base } from "../styles/base.styles.ts";
import { tokens } from "../styles/tokens.styles.ts";
import type { TruewickKeysHelp } from "./keys-help.ts";
import type { TruewickTradeButtons } from "./trade-buttons.ts";
import { traderStyles } from "./trader.styles.ts";
import { type FrameActions, frame, type TraderParts } from "./trader-frame.ts";
import { handleKey, type KeyActions } from "./trader-keys.ts";
import { blockedNow, intervalOf, spokenPrice } from "./trader-view.ts";

const announceEveryMs = 15_000;
const tickMs = 1_000;

/**
 * The trading widget: chart, one-click ticket, positions and account of a Truewick installation.
 *
 * @attr server - origin of the trading server; default: where the script came from
 * @attr instrument - id shown first; @attr interval - 1m 5m 15m 30m 1h 4h 1d
 * @attr locale - en | zh-CN; default: the page's language; @attr theme - auto | light | dark
 * @attr updown - auto | green-up | red-up | red-blue
 * @prop fetchSession - returns a fresh partner token, asked for again when a session ends; without it the widget shows its own sign-in
 * @fires truewick-ready, truewick-before-order (cancelable), truewick-order, truewick-load-error
 * @cssprop --truewick-* - the design tokens of styles/tokens.styles.ts
 */
export class TruewickTrader extends LitElement {
  static override styles = [tokens, base, traderStyles];
  @property() server: string | null = null;
  @property() instrument: string | null = null;
  @property() interval: string | null = null;
  @property() locale: string | null = null;
  @property() theme: string | null = null;
  @property() updown: string | null = null;
  @property({ attribute: false }) fetchSession: FetchSession | null = null;
  @state() private isTall = false;
  @state() private announced = "";
  @query("truewick-trade-buttons") private buttons: TruewickTradeButtons | null | undefined;
  @query("truewick-keys-help") private help: TruewickKeysHelp | null | undefined;
  readonly #session = new SessionController(this, (of) => this.#forget(of));
  readonly #quotes = new QuotesController(this, this.#session);
  /** The state of each order that the page was told last. */
  readonly #told = new Map<string, string>();
  readonly #account = new AccountController(this, this.#session, (order) => this.placed(order));
  readonly #ticket = new TicketController(this, {
    session: this.#session,
    quotes: this.#quotes,
    account: this.#account,
  });
  readonly #parts: TraderParts = {
    session: this.#session,
    quotes: this.#quotes,
    account: this.#account,
    ticket: this.#ticket,
    commands: new CommandsController(this, { session: this.#session, account: this.#account }),
    capacity: new CapacityController(this, {
      session: this.#session,
      quotes: this.#quotes,
      account: this.#account,
    }),
  };
  #ticker: ReturnType<typeof setInterval> | undefined;
  #announcedAt = 0;
  #begun = "";
  #ready = false;

  /** @internal for the controllers */
  get serverOrigin(): string {
    return serverOriginOf(this.server);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#onKey);
    this.#ticker = setInterval(() => this.#onTick(), tickMs);
    if (this.#quotes.load !== "ready") void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("keydown", this.#onKey);
    clearInterval(this.#ticker);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("server") && changed.get("server") !== undefined) this.#session.reset();
    if (changed.has("fetchSession") && this.fetchSession) void this.#session.signInByPartner();
    if ((changed.has("instrument") || changed.has("interval")) && this.#quotes.load === "ready")
      void this.#show(this.instrument ?? this.#quotes.selectedId, intervalOf(this.interval));
    if (this.#quotes.load === "ready" && this.#quotes.selectedId === null)
      void this.#show(this.instrument, intervalOf(this.interval));
    if (this.#session.state.kind === "signed-in") this.#begin(this.#session.state.reply);
    this.#quotes.hold(this.#account.positions.map((position) => position.instrument));
  }

  override render() {
    const locale = localeOf(this.#language());
    const look = upDownOf(this.updown, this.#language());
    const view = { locale, isTall: this.isTall, byPartner: this.fetchSession !== null, blocked: this.#blocked(locale) };
    return html`<div class="size ${look}" lang=${locale}>
      ${frame(this.#parts, view, this.#actions)}
      <truewick-keys-help .locale=${locale}></truewick-keys-help>
      <div class="unseen" aria-live="polite">${this.announced}</div></div>`;
  }

  /** @internal asks the page whether the order may go */
  mayPlace(request: PlaceOrderRequest | ExitRequest): boolean {
    return this.#tell("truewick-before-order", beforeOrder(request), true);
  }

  /** @internal asks the page whether the change may go */
  mayChange(request: ChangeRequest): boolean {
    return this.#tell("truewick-before-order", { version: 1, ...request }, true);
  }

  /** @internal tells the page of an order: once when it is taken or waits, once when it has ended, whichever window gave it */
  placed(order: WireOrder): void {
    if (this.#told.get(order.id) === order.state) return;
    this.#told.set(order.id, order.state);
    this.#tell("truewick-order", { version: 1, order });
  }

  #tell(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
  }

  #language(): string {
    return this.locale ?? (document.documentElement.lang || navigator.language);
  }

  /** Instruments, and the first of them on screen; prices are for everybody. */
  async #load(): Promise<void> {
    await this.#quotes.loadInstruments();
    if (this.#quotes.load === "failed")
      this.#tell("truewick-load-error", { version: 1, message: "instruments could not be loaded" });
  }

  /** Once a session: an account on screen. The page is told when prices are there too. */
  #begin({ accessToken, accounts }: LoginReply): void {
    if (this.#begun !== accessToken) {
      this.#begun = accessToken;
      this.isTall = false;
      // The demo account first: nobody should trade real money by not looking. After a renewal the same one as before.
      const account =
        accounts.find((one) => one.id === this.#account.accountId) ??
        accounts.find((one) => one.book === "demo") ??
        accounts[0];
      if (account) void this.#account.select(account.id);
    }
    if (this.#ready || this.#quotes.selectedId === null) return;
    this.#ready = true;
    this.#tell("truewick-ready", { version: 1 });
  }

  #forget(of: "session" | "server"): void {
    this.#begun = "";
    this.#ready = false;
    this.#account.forget();
    this.#told.clear();
    this.#ticket.turnOver();
    this.#parts.commands.forget();
    if (of === "session") return;
    this.#quotes.forget();
    void this.#load();
  }

  async #show(id: string | null, interval: Interval): Promise<void> {
    if (id !== this.#quotes.selectedId) this.#ticket.turnOver();
    await this.#quotes.select(id, interval);
    this.#ticket.setLots(this.#ticket.lots);
  }

  async #chooseAccount(accountId: string): Promise<void> {
    this.#ticket.turnOver();
    await this.#account.select(accountId);
  }

  #blocked(locale: Locale): Readonly<Record<Side, string | null>> {
    return { buy: blockedNow(this.#parts, "buy", locale), sell: blockedNow(this.#parts, "sell", locale) };
  }

  /** Ages, countdowns and the spoken price move on even when no price comes. */
  #onTick(): void {
    this.requestUpdate();
    this.#quotes.lookAtClock();
    const quote = this.#quotes.quote(this.#quotes.selectedId);
    if (!quote || performance.now() - this.#announcedAt < announceEveryMs) return;
    this.#announcedAt = performance.now();
    this.announced = spokenPrice(quote, localeOf(this.#language()));
  }

  readonly #actions: FrameActions = {
    show: (id, interval) => void this.#show(id, interval),
    chooseAccount: (accountId) => void this.#chooseAccount(accountId),
    setTall: (isTall) => {
      this.isTall = isTall;
    },
    help: () => this.help?.toggle(),
  };

  #onKey = (event: KeyboardEvent): void => {
    if (this.#session.state.kind === "signed-in") handleKey(event, this.#keys, singleKeysOn());
  };

  readonly #keys: KeyActions = {
    prepare: (side) => {
      if (blockedNow(this.#parts, side, localeOf(this.#language())) !== null) return;
      this.#ticket.prepare({ kind: "order", side });
      void this.buttons?.focusConfirm();
    },
    stepLots: (direction) => this.#ticket.stepLots(direction),
    cancel: () => this.#ticket.cancel(),
    closeFocused: (positionId) => {
      const position = this.#account.positions.find((one) => one.id === positionId);
      if (position) void runCommand({ kind: "close", position, lots: position.lots }, this.#parts);
    },
    toggleLeg: (kind) => this.#ticket.toggleLeg(kind),
    help: () => this.help?.toggle(),
  };
}
