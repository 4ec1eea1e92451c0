export { describeInstruments } from "./describe-instruments.ts";
export { becomeLeader, type Leadership } from "./feed-leadership.ts";
export { type InstrumentCatalog, type LoadedInstrumentCatalog, loadInstrumentCatalog } from "./instrument-catalog.ts";
export { type LiveQuote, type LiveQuoteBook, openQuoteBook, type QuoteBook } from "./quote-book.ts";
export { type FeedDeps, type FeedState, type FeedStatus, type RunningFeed, runFeed } from "./run-feed.ts";
export { type BarsQuery, serveBars } from "./serve-bars.ts";
export { sessionStateOf } from "./session-state.ts";
export { type TermsRow, toTerms } from "./terms-row.ts";
export { toBarEvent, toWireBar, toWireQuote } from "./wire.ts";
