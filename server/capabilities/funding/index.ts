export {
  type AdjustmentDecision,
  type AdjustmentRefusal,
  decideAdjustment,
  type NewAdjustment,
  requestAdjustment,
} from "./adjustments.ts";
