export { type CancelStoppedPorts, cancelStopped } from "./cancel-stopped.job.ts";
export { liftKillSwitch, type NewKillSwitch, type ThrowRefusal, throwKillSwitch } from "./kill-switches.ts";
export { type LimitBook, loadLimits } from "./limits.store.ts";
export { loadStops, type StopBook } from "./trading-stops.ts";
