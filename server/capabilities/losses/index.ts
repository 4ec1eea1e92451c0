export { applyLosses, type LossPorts } from "./apply-losses.ts";
export { type LiftPorts, type LiftRefusal, liftBreach } from "./lift-breach.ts";
export { type LossWatch, lossWatch } from "./loss-watch.ts";
