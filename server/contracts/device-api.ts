import { z } from "zod";
import { consentVersion } from "./link-names.ts";

/** POST /api/trading/device: what the widget tells of the browser, with the trader's consent alone. */
export const deviceRequest = z.strictObject({
  /** Our own id, made by the browser and kept by it. */
  deviceId: z.uuid(),
  fingerprint: z.string().regex(/^[0-9a-f]{32}$/, "must be 32 hexadecimal digits"),
  consentVersion: z.literal(consentVersion),
});
export type DeviceRequest = z.infer<typeof deviceRequest>;
