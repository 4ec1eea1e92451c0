import { type ExcludeOneself, excludeOneself } from "../capabilities/losses/index.ts";
import { openCancelling } from "../capabilities/trading/index.ts";
import type { Shared } from "./shared.ts";

/** Traders who shut themselves out. */
export const openSelfExclusion = ({ transact, bus }: Pick<Shared, "transact" | "bus">): ExcludeOneself =>
  excludeOneself({
    ...{ transact, announce: bus.publish },
    cancelWorking: openCancelling({ announce: bus.publish }).cancelWorking,
  });
