export { type LimitBook, loadLimits } from "./limits.store.ts";
