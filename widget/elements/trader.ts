import { html, LitElement, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { Interval, Side } from "#contracts/names.ts";
import type { LoginReply, PlaceOrderRequest, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { AccountController } from "../controllers/account.ts";
import { singleKeysOn } from "../controllers/one-click.ts";
import { QuotesController } from "../controllers/quotes.ts";
import { type FetchSession, SessionController } from "../controllers/session.ts";
import { TicketController } from "../controllers/ticket.ts";
import { beforeOrder } from "../events.ts";
import { blockedReason } from "../format/blocked.ts";
import { localeOf, upDownOf } from "../format/culture.ts";
import { dictionaries } from "../i18n/dictionaries.ts";
import { serverOriginOf } from "../server-origin.ts";
import { base } from "../styles/base.styles.ts";
import { tokens } from "../styles/tokens.styles.ts";
import type { TruewickKeysHelp } from "./keys-help.ts";
import type { Credentials } from "./login.ts";
import type { Press, TruewickTradeButtons } from "./trade-buttons.ts";
import { traderStyles } from "./trader.styles.ts";
import { handleKey, type KeyActions } from "./trader-keys.ts";
import { chartTime, intervalOf, liveAccount, markedRows, spokenPrice } from "./trader-view.ts";

const announceEveryMs = 15_000;
const tickMs = 1_000;

/**
 * The trading widget: chart, one-click ticket, positions and account of a Truewick installation.
 *
 * @attr server - origin of the trading server; default: where the script came from
 * @attr instrument - id shown first; @attr interval - 1m 5m 15m 30m 1h 4h 1d
 * @attr locale - en | zh-CN; default: the page's language; @attr theme - auto | light | dark
 * @attr updown - auto | green-up | red-up | red-blue
 * @prop fetchSession - returns a fresh partner token; without it the widget shows its own sign-in
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
  readonly #session = new SessionController(this, () => this.#forget());
  readonly #quotes = new QuotesController(this, this.#session);
  readonly #account = new AccountController(this, this.#session);
  readonly #ticket = new TicketController(this, {
    session: this.#session,
    quotes: this.#quotes,
    account: this.#account,
  });
  #ticker: ReturnType<typeof setInterval> | undefined;
  #announcedAt = 0;
  #begun = "";

  /** @internal for the controllers */
  get serverOrigin(): string {
    return serverOriginOf(this.server);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", this.#onKey);
    this.#ticker = setInterval(() => this.#onTick(), tickMs);
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
    if (this.#session.state.kind === "signed-in") void this.#begin(this.#session.state.reply);
    if (this.#quotes.load === "ready" && this.#quotes.selectedId === null) void this.#showFirst();
    this.#quotes.hold(this.#account.positions.map((position) => position.instrument));
  }

  override render() {
    const locale = localeOf(this.#language());
    const texts = dictionaries[locale];
    const look = upDownOf(this.updown, this.#language());
    if (this.#session.state.kind !== "signed-in")
      return html`<div class="size ${look}" lang=${locale}><div class="frame only">
        <truewick-login .texts=${texts} .session=${this.#session.state} .byPartner=${this.fetchSession !== null}
          @credentials-given=${(event: CustomEvent<Credentials>) => void this.#session.signIn({ ...event.detail })}
          @session-wanted=${() => void this.#session.signInByPartner()}></truewick-login></div></div>`;
    return html`<div class="size ${look}" lang=${locale}>
      ${this.#frame(locale)}
      <truewick-keys-help .texts=${texts}></truewick-keys-help>
      <div class="unseen" aria-live="polite">${this.announced}</div></div>`;
  }

  #frame(locale: "en" | "zh-CN") {
    const texts = dictionaries[locale];
    const [session, quotes, account, ticket] = [this.#session, this.#quotes, this.#account, this.#ticket];
    const instrument = quotes.selected;
    const quote = quotes.quote(quotes.selectedId);
    const rows = markedRows(account.positions, quotes, account.view?.currency ?? "");
    const live = liveAccount(account.view, rows);
    const position = account.position(quotes.selectedId);
    const reply = session.state.kind === "signed-in" ? session.state.reply : null;
    const reference = quotes.reference?.instrumentId === instrument?.id ? quotes.reference?.price : undefined;
    return html`<div class="frame">
      <truewick-header .texts=${texts} .locale=${locale} .instruments=${quotes.instruments} .instrument=${instrument}
        .quote=${quote} .stale=${instrument !== undefined && quotes.isStale(instrument)} .link=${session.link}
        .reference=${reference ?? null} .accounts=${reply?.accounts ?? []} .account=${live.view} .nowMs=${Date.now()}
        @instrument-chosen=${(event: CustomEvent<string>) => void this.#show(event.detail, quotes.interval)}
        @account-chosen=${(event: CustomEvent<string>) => void this.#chooseAccount(event.detail)}
        @sign-out=${() => void session.signOut()}></truewick-header>
      <truewick-chart .texts=${texts} .locale=${locale} .source=${quotes.bars} .instrument=${instrument} .quote=${quote}
        .nowMs=${chartTime(quote, session.nowMs())}
        @interval-chosen=${(event: CustomEvent<Interval>) => void this.#show(quotes.selectedId, event.detail)}></truewick-chart>
      <div class="sheet ${this.isTall ? "tall" : ""}">
        <button class="handle" aria-expanded=${this.isTall} @click=${this.#toggleSheet}>
          ${this.isTall ? `▾ ${texts.sheet.less}` : `▴ ${texts.sheet.more}`}</button>
        <truewick-ticket .texts=${texts} .locale=${locale} .instrument=${instrument} .quote=${quote} .account=${live.view}
          .position=${position} .lots=${ticket.lots} .maxSlippageTicks=${ticket.maxSlippageTicks} .oneClick=${ticket.oneClick}
          @lots-chosen=${(event: CustomEvent<bigint>) => ticket.setLots(event.detail)}
          @lots-stepped=${(event: CustomEvent<1n | -1n>) => ticket.stepLots(event.detail)}
          @slippage-chosen=${(event: CustomEvent<number>) => ticket.setSlippage(event.detail)}
          @one-click-chosen=${(event: CustomEvent<boolean>) => ticket.setOneClick(event.detail)}></truewick-ticket>
        <truewick-desk .texts=${texts} .locale=${locale} .load=${account.load} .rows=${rows} .instruments=${quotes.instruments}
          .orders=${account.orders} .fills=${account.fills} .account=${live.view} .unrealized=${live.unrealized}
          .prepared=${ticket.prepared} .busy=${ticket.busy}
          @close-pressed=${(event: CustomEvent<WirePosition>) => void ticket.pressClose(event.detail)}
          @more-wanted=${(event: CustomEvent<"orders" | "fills">) => void account.loadMore(event.detail)}></truewick-desk>
      </div>
      <truewick-trade-buttons .texts=${texts} .locale=${locale} .instrument=${instrument} .instruments=${quotes.instruments}
        .quote=${quote} .lots=${ticket.lots} .currency=${live.view?.currency ?? ""} .prepared=${ticket.prepared}
        .life=${ticket.life} .blocked=${{ buy: this.#blocked("buy"), sell: this.#blocked("sell") }}
        @side-pressed=${(event: CustomEvent<Press>) => void ticket.press(event.detail.side, event.detail.quotedPrice)}
        @cancelled=${() => ticket.cancel()}></truewick-trade-buttons>
      <button class="help" title=${texts.keys.open} aria-label=${texts.keys.open} @click=${() => this.help?.toggle()}>?</button>
    </div>`;
  }

  /** @internal asks the page whether the order may go */
  mayPlace(request: PlaceOrderRequest | { close: WirePosition }): boolean {
    return this.#tell("truewick-before-order", beforeOrder(request), true);
  }

  /** @internal tells the page of an accepted or ended order */
  placed(order: WireOrder): void {
    this.#tell("truewick-order", { version: 1, order });
  }

  #tell(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
  }

  #language(): string {
    return this.locale ?? (document.documentElement.lang || navigator.language);
  }

  /** Once a session: instruments, the first instrument and account on screen, then the page is told. */
  async #begin({ accessToken, accounts }: LoginReply): Promise<void> {
    if (this.#begun === accessToken) return;
    this.#begun = accessToken;
    // The demo account first: nobody should trade real money by not looking.
    const account = accounts.find((one) => one.book === "demo") ?? accounts[0];
    if (account) void this.#account.select(account.id);
    await this.#quotes.loadInstruments();
    if (this.#quotes.load === "failed")
      this.#tell("truewick-load-error", { version: 1, message: "instruments could not be loaded" });
  }

  async #showFirst(): Promise<void> {
    await this.#show(this.instrument, intervalOf(this.interval));
    this.#tell("truewick-ready", { version: 1 });
  }

  #forget(): void {
    this.#begun = "";
    this.#quotes.forget();
    this.#account.forget();
    this.#ticket.turnOver();
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

  #blocked(side: Side): string | null {
    const instrument = this.#quotes.selected;
    const locale = localeOf(this.#language());
    const facts = {
      connected: this.#session.link.kind === "live",
      busy: this.#ticket.busy,
      instrument,
      quote: this.#quotes.quote(this.#quotes.selectedId),
      stale: instrument !== undefined && this.#quotes.isStale(instrument),
      account: this.#account.view,
      position: this.#account.position(this.#quotes.selectedId),
      side,
      lots: this.#ticket.lots,
    };
    return blockedReason(facts, dictionaries[locale], locale);
  }

  /** Ages, countdowns and the spoken price move on even when no price comes. */
  #onTick(): void {
    this.requestUpdate();
    const quote = this.#quotes.quote(this.#quotes.selectedId);
    if (!quote || performance.now() - this.#announcedAt < announceEveryMs) return;
    this.#announcedAt = performance.now();
    this.announced = spokenPrice(quote, localeOf(this.#language()));
  }

  #toggleSheet = (): void => {
    this.isTall = !this.isTall;
  };

  #onKey = (event: KeyboardEvent): void => {
    if (this.#session.state.kind === "signed-in") handleKey(event, this.#keys, singleKeysOn());
  };

  readonly #keys: KeyActions = {
    prepare: (side) => {
      if (this.#blocked(side) !== null) return;
      this.#ticket.prepare({ kind: "order", side });
      void this.buttons?.focusConfirm();
    },
    stepLots: (direction) => this.#ticket.stepLots(direction),
    cancel: () => this.#ticket.cancel(),
    closeFocused: (positionId) => {
      const position = this.#account.positions.find((one) => one.id === positionId);
      if (position) void this.#ticket.pressClose(position);
    },
    help: () => this.help?.toggle(),
  };
}
