import { z } from "zod";
import { movePreviewQuery, movePreviewReply } from "#contracts/agent-move.ts";
import { breachPreviewQuery, breachPreviewReply } from "#contracts/breach-preview.ts";
import { dashboardReply } from "#contracts/dashboard.ts";
import { effectiveQuery, effectiveReply, pathQuery, pathReply } from "#contracts/risk-api.ts";
import { changeSheetReply } from "#contracts/risk-change-api.ts";
import { stressReply, stressRequest } from "#contracts/stress.ts";
import { unsignedPayoutReply } from "#contracts/unsigned-payout-api.ts";
import { waterfallReply } from "#contracts/waterfall-api.ts";
import { type Add, answer, body, idParams } from "./openapi-parts.ts";

/** What the desk's pages ask besides records. */
export function describeDesk(add: Add): void {
  add("get", "/api/admin/dashboard", "The desk's figures, narrowed to the viewer's rows", {
    responses: { 200: answer(dashboardReply) },
  });
  add(
    "post",
    "/api/admin/stress",
    "What sudden moves of prices would do to the book: who is stopped out, what the house stands to lose",
    {
      request: body(stressRequest),
      responses: { 200: answer(stressReply) },
    },
  );
  describeRisk(add);
  add("get", "/api/admin/agents/{id}/move-preview", "What a move of an agent would take with it", {
    request: { params: idParams, query: movePreviewQuery },
    responses: { 200: answer(movePreviewReply) },
  });
  add("get", "/api/admin/fills/{id}/waterfall", "Who gets what of a fill, level by level, and the house's rest", {
    request: { params: z.object({ id: z.string() }) },
    responses: { 200: answer(waterfallReply) },
  });
  add("get", "/api/admin/withdrawals/{id}/unsigned-payout", "What a wallet elsewhere signs to pay it on a chain", {
    request: { params: idParams },
    responses: { 200: answer(unsignedPayoutReply) },
  });
  add(
    "get",
    "/api/admin/payout-batches/{id}/pain001",
    "The bank's file of a released batch, as it was made (ISO 20022)",
    {
      request: { params: idParams },
      responses: { 200: { description: "OK", content: { "application/xml": { schema: z.string() } } } },
    },
  );
}

/** What is asked about the risk table and its changes. */
function describeRisk(add: Add): void {
  add(
    "get",
    "/api/admin/risk-limits/effective",
    "Every setting of the risk table in force for a trader, with its source",
    {
      request: { query: effectiveQuery },
      responses: { 200: answer(effectiveReply) },
    },
  );
  add("get", "/api/admin/risk-limits/path", "The lines of the risk table that a trader inherits, level by level", {
    request: { query: pathQuery },
    responses: { 200: answer(pathReply) },
  });
  add("get", "/api/admin/risk-changes/{id}/sheet", "The lines of a change of the risk table beside what is in force", {
    request: { params: idParams },
    responses: { 200: answer(changeSheetReply) },
  });
  add(
    "get",
    "/api/admin/risk-changes/{id}/breaches",
    "Whom a change of the risk table would put over a limit now, the worst first, and how many are over one already",
    {
      request: { params: idParams, query: breachPreviewQuery },
      responses: { 200: answer(breachPreviewReply) },
    },
  );
}
