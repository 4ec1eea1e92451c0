export { type StressDeps, type StressRefusal, stressRun } from "./run-stress.ts";
