import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";

/** Pieces that the descriptions of hand-made routes are put together from. */

export const accountQuery = z.object({ accountId: z.uuid() });
/** A page of what an account has, before the one that `after` names: the `next` of the page above. */
export const pageQuery = accountQuery.extend({ limit: z.int().optional(), after: z.string().optional() });
export const idParams = z.object({ id: z.uuid() });

export const answer = (schema: z.ZodType, description = "Done."): RouteConfig["responses"][string] => ({
  description,
  content: { "application/json": { schema } },
});
export const body = (schema: z.ZodType) => ({ body: { required: true, content: { "application/json": { schema } } } });
export const nothing: RouteConfig["responses"] = { 204: { description: "Done." } };
export const text = (description: string, type = "text/plain"): RouteConfig["responses"] => ({
  200: { description, content: { [type]: { schema: z.string() } } },
});

export type Add = (
  method: RouteConfig["method"],
  path: string,
  summary: string,
  rest: Pick<RouteConfig, "request" | "responses">,
) => void;
