import { z } from "zod";
import { fundFlowReply, fundFlowRequest } from "#contracts/fund-flow.ts";
import { journalRequest } from "#contracts/journal-api.ts";
import type { Add } from "./openapi-parts.ts";

/** What is told of the books besides the declared resources. */
export function describeBooks(add: Add): void {
  add("get", "/api/admin/partners/{id}/journal", "A partner's transfers as a journal for hledger", {
    request: { params: z.object({ id: z.int() }), query: journalRequest },
    responses: {
      200: { description: "The journal, oldest first.", content: { "text/plain": { schema: z.string() } } },
    },
  });
  add("get", "/api/admin/agents/{id}/statements", "Statements of an agent and of all below him", {
    request: { params: z.object({ id: z.uuid() }), query: journalRequest },
    responses: {
      200: { description: "A row for each agent and currency.", content: { "text/csv": { schema: z.string() } } },
    },
  });
  for (const [kind, what] of [
    ["file", "The file of an export"],
    ["manifest", "The control totals of an export, with its SHA-256"],
  ] as const)
    add("get", `/api/admin/exports/{id}/${kind}`, what, {
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 303: { description: "Leads to a link that is good for five minutes and needs no login." } },
    });
  add("get", "/api/admin/export-files/{token}", "What such a link leads to; takes `Range`", {
    request: { params: z.object({ token: z.string() }) },
    responses: { 200: { description: "The file.", content: { "text/csv": { schema: z.string() } } } },
  });
  add(
    "get",
    "/api/admin/fund-flow",
    "What moved money for a trader, an agent line, a partner or the house, newest first",
    {
      request: { query: fundFlowRequest },
      responses: { 200: { description: "A page.", content: { "application/json": { schema: fundFlowReply } } } },
    },
  );
}
