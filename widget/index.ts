import { TruewickChart } from "./elements/chart.ts";
import { TruewickDesk } from "./elements/desk.ts";
import { TruewickHeader } from "./elements/header.ts";
import { TruewickInstrumentPicker } from "./elements/instrument-picker.ts";
import { TruewickKeysHelp } from "./elements/keys-help.ts";
import { TruewickLogin } from "./elements/login.ts";
import { TruewickTicket } from "./elements/ticket.ts";
import { TruewickTradeButtons } from "./elements/trade-buttons.ts";
import { TruewickTrader } from "./elements/trader.ts";

/** A page may carry the script twice; the first one counts. Parts come before the whole that uses them. */
const elements: readonly (readonly [name: string, element: CustomElementConstructor])[] = [
  ["truewick-login", TruewickLogin],
  ["truewick-instrument-picker", TruewickInstrumentPicker],
  ["truewick-header", TruewickHeader],
  ["truewick-chart", TruewickChart],
  ["truewick-ticket", TruewickTicket],
  ["truewick-trade-buttons", TruewickTradeButtons],
  ["truewick-desk", TruewickDesk],
  ["truewick-keys-help", TruewickKeysHelp],
  ["truewick-trader", TruewickTrader],
];

for (const [name, element] of elements) if (!customElements.get(name)) customElements.define(name, element);

export type { FetchSession } from "./controllers/session.ts";
export type { BeforeOrder, LoadError, OrderNews } from "./events.ts";
export { TruewickTrader };
