import { TruewickChart } from "./elements/chart.ts";
import { TruewickHeader } from "./elements/header.ts";
import { TruewickInstrumentPicker } from "./elements/instrument-picker.ts";
import { TruewickLogin } from "./elements/login.ts";
import { TruewickTicket } from "./elements/ticket.ts";
import { TruewickTradeButtons } from "./elements/trade-buttons.ts";
import { TruewickTrader } from "./elements/trader.ts";

type Elements = readonly (readonly [name: string, element: CustomElementConstructor])[];

/** A page may carry the script twice; the first one counts. Parts come before the whole that uses them. */
const elements: Elements = [
  ["truewick-login", TruewickLogin],
  ["truewick-instrument-picker", TruewickInstrumentPicker],
  ["truewick-header", TruewickHeader],
  ["truewick-chart", TruewickChart],
  ["truewick-ticket", TruewickTicket],
  ["truewick-trade-buttons", TruewickTradeButtons],
  ["truewick-trader", TruewickTrader],
];

const define = (parts: Elements): void => {
  for (const [name, element] of parts) if (!customElements.get(name)) customElements.define(name, element);
};
define(elements);

// The lists come after what a trader looks at first; their room is there already.
import("./elements/desk-parts.ts")
  .then(({ deskParts }) => define(deskParts))
  .catch((error: unknown) => console.error("truewick-trader: the lists could not be loaded", error));

export type { FetchSession } from "./controllers/session.ts";
export type { BeforeOrder, LoadError, OrderNews } from "./events.ts";
export { TruewickTrader };
