export { applyLosses, type LossPorts } from "./apply-losses.ts";
export {
  type ExcludeOneself,
  type ExclusionPorts,
  type ExclusionRefusal,
  excludeOneself,
} from "./exclude-oneself.ts";
export { type LiftRefusal, liftBreach } from "./lift-breach.ts";
export { type LossWatch, lossWatch } from "./loss-watch.ts";
export { type OwnLimitsCommands, type OwnLimitsPorts, type OwnLimitsRefusal, openOwnLimits } from "./own-limits.ts";
export { type PresentLoss, presentLosses } from "./present-losses.ts";
