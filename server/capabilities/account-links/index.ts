export { confirmGroup, decideLink, type LinkDecision, type LinkRefusal, setMainAccount } from "./decide-link.ts";
export { noteTrades } from "./note-trades.ts";
export { type RescoreDeps, rescoreAll, rescoreTrader } from "./rescore.ts";
export { forgetSightings, noteSighting, type Sighting } from "./sightings.ts";
