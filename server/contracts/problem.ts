import { z } from "zod";

/** The one shape of every error answer: RFC 9457 plus the `message` and `errors` that react-admin reads. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  message: z.string(),
  code: z.string(),
  /** Per field (its name as in the request): what is wrong with it. */
  errors: z.record(z.string(), z.string()).optional(),
  traceId: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;
