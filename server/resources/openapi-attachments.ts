import type { RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { attachmentTypes } from "#contracts/attachment-names.ts";
import { attachmentQuery, attachmentsReply, wireAttachment } from "#contracts/attachments-api.ts";

type AddRoute = (method: RouteConfig["method"], path: string, summary: string, rest: Partial<RouteConfig>) => void;

/** The routes of the files that are added to a resource's records; `one` names a record. */
export function describeAttachments(base: string, one: string, route: AddRoute, id: z.ZodObject): void {
  const path = `${base}/{id}/attachments`;
  const files = Object.fromEntries(
    attachmentTypes.map((type) => [type, { schema: z.string().meta({ format: "binary" }) }]),
  );
  const told = (schema: z.ZodType) => ({ description: "", content: { "application/json": { schema } } });
  route("get", path, `Files added to a ${one.toLowerCase()}`, {
    request: { params: id },
    responses: { 200: { ...told(attachmentsReply), description: "The files, oldest first." } },
  });
  route("post", path, `Add a file to a ${one.toLowerCase()}: the body is the file`, {
    request: { params: id, query: attachmentQuery, body: { required: true, content: files } },
    responses: {
      201: {
        ...told(z.object({ attachment: wireAttachment })),
        description: "Kept; the same bytes again are the same attachment.",
      },
    },
  });
  route("get", `${path}/{file}`, "One of the files, to be saved", {
    request: { params: id.extend({ file: z.uuid() }) },
    responses: { 200: { description: "The bytes as they were added.", content: files } },
  });
}
