import { html, type TemplateResult } from "lit";
import type { Interval, Locale, OrderType, Side } from "#contracts/names.ts";
import { type TradeLine, tradeLines } from "../chart/trade-lines.ts";
import type { AccountController } from "../controllers/account.ts";
import type { CapacityController } from "../controllers/capacity.ts";
import type { CommandsController } from "../controllers/commands.ts";
import { type DeskCommand, runCommand } from "../controllers/desk-commands.ts";
import type { QuotesController } from "../controllers/quotes.ts";
import type { SessionController } from "../controllers/session.ts";
import type { TicketController } from "../controllers/ticket.ts";
import type { LegKind } from "../format/bracket-leg.ts";
import type { OrderDraft } from "../format/order-draft.ts";
import { dictionaries } from "../i18n/dictionaries.ts";
import { refusalText } from "../i18n/refusal-text.ts";
import type { Texts } from "../i18n/texts.ts";
import type { DeskRow } from "./desk.ts";
import type { Credentials } from "./login.ts";
import { type Faults, noFaults } from "./ticket.ts";
import type { Press } from "./trade-buttons.ts";
import { moveOf, noteText, removalOf } from "./trader-lines.ts";
import { chartTime, liveAccount, markedRows } from "./trader-view.ts";

export interface TraderParts {
  readonly session: SessionController;
  readonly quotes: QuotesController;
  readonly account: AccountController;
  readonly ticket: TicketController;
  readonly commands: CommandsController;
  readonly capacity: CapacityController;
}

export interface FrameView {
  readonly locale: Locale;
  /** The sheet of the compact layout covers the chart. */
  readonly isTall: boolean;
  /** The page signs its customer in. */
  readonly byPartner: boolean;
  readonly blocked: Readonly<Record<Side, string | null>>;
}

export interface FrameActions {
  readonly show: (instrumentId: string | null, interval: Interval) => void;
  readonly chooseAccount: (accountId: string) => void;
  readonly setTall: (isTall: boolean) => void;
  readonly help: () => void;
}

/** What every piece of the frame is drawn from. */
interface Drawing extends TraderParts, FrameView {
  readonly on: FrameActions;
  readonly texts: Texts;
  readonly isSignedIn: boolean;
  readonly rows: readonly DeskRow[];
  readonly live: ReturnType<typeof liveAccount>;
}

/**
 * The parts of the widget in their places. A guest sees prices and candles; the sign-in lies where the ticket will be, and
 * everything else is already as large as it stays.
 */
export function frame(parts: TraderParts, view: FrameView, on: FrameActions): TemplateResult {
  const { account, quotes, session } = parts;
  const rows = markedRows(account.positions, quotes, account.view?.currency ?? "");
  const drawing: Drawing = {
    ...parts,
    ...view,
    on,
    texts: dictionaries[view.locale],
    isSignedIn: session.state.kind === "signed-in",
    rows,
    live: liveAccount(account.view, rows),
  };
  const { texts, isSignedIn } = drawing;
  return html`<div class="frame ${isSignedIn ? "" : "guest"}">
    ${head(drawing)} ${chart(drawing)} ${sheet(drawing)} ${buttons(drawing)}
    <button class="help" title=${texts.keys.open} aria-label=${texts.keys.open} @click=${on.help}>?</button>
  </div>`;
}

function head({ session, quotes, texts, locale, live, on }: Drawing): TemplateResult {
  const instrument = quotes.selected;
  const reference = quotes.reference?.instrumentId === instrument?.id ? quotes.reference?.price : undefined;
  return html`<truewick-header .texts=${texts} .locale=${locale} .instruments=${quotes.instruments} .instrument=${instrument}
    .quote=${quotes.quote(quotes.selectedId)} .stale=${instrument !== undefined && quotes.isStale(instrument)}
    .link=${session.link} .reference=${reference ?? null} .account=${live.view} .nowMs=${Date.now()} .ask=${session.rest.ask}
    .accounts=${session.state.kind === "signed-in" ? session.state.reply.accounts : null}
    @instrument-chosen=${(event: CustomEvent<string>) => on.show(event.detail, quotes.interval)}
    @account-chosen=${(event: CustomEvent<string>) => on.chooseAccount(event.detail)}
    @sign-in-wanted=${() => on.setTall(true)}
    @sign-out=${() => void session.signOut()}></truewick-header>`;
}

function chart({ session, quotes, account, ticket, commands, texts, locale, live, on }: Drawing): TemplateResult {
  const quote = quotes.quote(quotes.selectedId);
  return html`<truewick-chart .texts=${texts} .locale=${locale} .source=${quotes.bars} .instrument=${quotes.selected}
    .quote=${quote} .nowMs=${chartTime(quote, session.nowMs())} .position=${account.position(quotes.selectedId)}
    .lines=${tradeLines(quotes.selectedId, account.positions, account.orders.rows)} .oneClick=${ticket.oneClick}
    .changeLine=${async (line: TradeLine, price: string) =>
      noteText(await runCommand(moveOf(line, price), { ticket, commands }), {
        quotes,
        locale,
        currency: live.view?.currency ?? "",
      })}
    .removeLine=${(line: TradeLine) => void runCommand(removalOf(line), { ticket, commands })}
    @interval-chosen=${(event: CustomEvent<Interval>) => on.show(quotes.selectedId, event.detail)}></truewick-chart>`;
}

function sheet(drawing: Drawing): TemplateResult {
  const { texts, isTall, isSignedIn, on } = drawing;
  const more = isSignedIn ? texts.sheet.more : texts.login.title;
  return html`<div class="sheet ${isTall ? "tall" : ""}">
    <button class="handle" aria-expanded=${isTall} @click=${() => on.setTall(!isTall)}>
      ${isTall ? `▾ ${texts.sheet.less}` : `▴ ${more}`}</button>
    ${isSignedIn ? "" : login(drawing)} ${ticket(drawing)} ${desk(drawing)}
  </div>`;
}

function login({ session, texts, byPartner, on }: Drawing): TemplateResult {
  return html`<truewick-login .texts=${texts} .session=${session.state} .byPartner=${byPartner}
    @focusin=${() => on.setTall(true)}
    @credentials-given=${(event: CustomEvent<Credentials>) => void session.signIn({ ...event.detail })}
    @session-wanted=${() => void session.signInByPartner()}></truewick-login>`;
}

/** A guest's ticket is not seen, it only keeps its room. */
function ticket({ ticket, quotes, account, capacity, texts, locale, live, isSignedIn }: Drawing): TemplateResult {
  return html`<truewick-ticket ?inert=${!isSignedIn} .texts=${texts} .locale=${locale} .instrument=${quotes.selected}
    .quote=${quotes.quote(quotes.selectedId)} .account=${live.view} .position=${account.position(quotes.selectedId)}
    .lots=${ticket.lots} .maxSlippageTicks=${ticket.maxSlippageTicks} .oneClick=${ticket.oneClick}
    .draft=${ticket.draft} .capacity=${capacity.reply} .faults=${faultsOf(ticket, quotes, locale, live.view?.currency ?? "")} @focusin=${() => capacity.refresh()}
    @type-chosen=${(event: CustomEvent<OrderType>) => ticket.setType(event.detail)}
    @draft-changed=${(event: CustomEvent<Partial<OrderDraft>>) => ticket.setDraft(event.detail)}
    @leg-toggled=${(event: CustomEvent<LegKind>) => ticket.toggleLeg(event.detail)}
    @lots-chosen=${(event: CustomEvent<bigint>) => ticket.setLots(event.detail)}
    @lots-stepped=${(event: CustomEvent<1n | -1n>) => ticket.stepLots(event.detail)}
    @slippage-chosen=${(event: CustomEvent<number>) => ticket.setSlippage(event.detail)}
    @one-click-chosen=${(event: CustomEvent<boolean>) => ticket.setOneClick(event.detail)}></truewick-ticket>`;
}

/** Why the last order was refused, by the field of the ticket that is to blame. */
function faultsOf(ticket: TicketController, quotes: QuotesController, locale: Locale, currency: string): Faults {
  const { life, wrongFields } = ticket;
  if (life?.kind !== "refused" || life.instrumentId !== quotes.selectedId) return noFaults;
  const { answer, instrumentId } = life;
  const text = refusalText({ ...answer, instrumentId, instrument: quotes.selected, currency }, locale);
  return Object.fromEntries(wrongFields.map((field) => [field, text]));
}

function desk({
  session,
  account,
  ticket,
  commands,
  quotes,
  texts,
  locale,
  rows,
  live,
  isSignedIn,
}: Drawing): TemplateResult {
  return html`<truewick-desk .texts=${texts} .locale=${locale} .load=${isSignedIn ? account.load : "signed-out"}
    .rows=${rows} .instruments=${quotes.instruments} .orders=${account.orders} .fills=${account.fills}
    .account=${live.view} .unrealized=${live.unrealized} .prepared=${ticket.prepared} .busy=${ticket.busy}
    .receiptOf=${(fillId: string) => session.rest.receipt(fillId)} .ask=${session.rest.ask}
    .note=${commands.note} .isPending=${(id: string) => commands.isPending(id)}
    .marketOf=${(id: string, side: Side) => quotes.quote(id)?.[side === "buy" ? "ask" : "bid"] ?? null}
    @command-given=${(event: CustomEvent<DeskCommand>) => void runCommand(event.detail, { ticket, commands })}
    @more-wanted=${(event: CustomEvent<"orders" | "fills">) => void account.loadMore(event.detail)}></truewick-desk>`;
}

function buttons({ session, quotes, ticket, texts, locale, live, blocked }: Drawing): TemplateResult {
  return html`<truewick-trade-buttons .texts=${texts} .locale=${locale} .instrument=${quotes.selected}
    .instruments=${quotes.instruments} .quote=${quotes.quote(quotes.selectedId)} .lots=${ticket.lots} .draft=${ticket.draft}
    .currency=${live.view?.currency ?? ""} .prepared=${ticket.prepared} .life=${ticket.life} .blocked=${blocked}
    .displaced=${session.link.kind === "displaced"}
    @side-pressed=${(event: CustomEvent<Press>) => void ticket.press(event.detail.side, event.detail.quotedPrice)}
    @cancelled=${() => ticket.cancel()} @take-over=${() => session.takeOver()}></truewick-trade-buttons>`;
}
