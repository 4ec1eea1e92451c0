import { z } from "zod";
import { instant } from "./wire-values.ts";

/** Until when a trader shuts himself out: a day to five years ahead, never before what he has set already. */
export const selfExclusionRequest = z.strictObject({ until: instant });
export const selfExclusionReply = z.object({ excludedUntil: instant });
export type SelfExclusionReply = z.infer<typeof selfExclusionReply>;
