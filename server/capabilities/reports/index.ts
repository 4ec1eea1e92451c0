export { type BooksCheck, booksCheck } from "./books-check.ts";
export { type DashboardDeps, dashboard } from "./dashboard.ts";
export { type FundFlowRefusal, fundFlow } from "./fund-flow.ts";
export { type JournalRequest, writeJournal } from "./journal.ts";
export { orderStory } from "./order-story.ts";
