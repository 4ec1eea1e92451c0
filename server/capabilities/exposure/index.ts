export { type LiveExposure, type LiveExposurePorts, liveExposure } from "./live-exposure.ts";
export { type StressDeps, type StressRefusal, stressRun } from "./run-stress.ts";
