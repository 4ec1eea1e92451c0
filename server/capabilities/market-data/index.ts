export { type InstrumentCatalog, type LoadedInstrumentCatalog, loadInstrumentCatalog } from "./instrument-catalog.ts";
export { type LiveQuote, type LiveQuoteBook, openQuoteBook, type QuoteBook } from "./quote-book.ts";
export { sessionStateOf } from "./session-state.ts";
