export { type AskRefusal, askClose } from "./ask-close.ts";
export { type CloseDaysPorts, closeDays } from "./close-days.job.ts";
export { foreseeClose } from "./foresee-close.ts";
