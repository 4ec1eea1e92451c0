import { z } from "zod";

/** POST /api/admin/session. The trader side's login is in trading-api.ts. */
export const staffLoginRequest = z.strictObject({
  email: z.email().max(254),
  password: z.string().min(1).max(128),
  /** Six digits of the authenticator app, for staff who have one. */
  totp: z
    .string()
    .regex(/^\d{6}$/, "must be six digits")
    .optional(),
});
export type StaffLoginRequest = z.infer<typeof staffLoginRequest>;
