import { partner } from "../common-fields.ts";
import {
  linkDecidedAt,
  linkDecidedBy,
  linkEvidence,
  linkReason,
  linkScore,
  linkState,
  linkTraderA,
  linkTraderB,
  weightsVersionField,
} from "../link-fields.ts";
import { defineResource } from "../resource.ts";

/** What people decided about two traders, each with the evidence it was decided on: shown with the link. */
export default defineResource({
  name: "account-link-decisions",
  group: "traders",
  label: ["Decisions on links", "关联决定"],
  one: ["Decision on a link", "关联决定"],
  source: "admin_account_link_decisions",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Id", "标识"] },
    tenantId: { ...partner, nullable: true },
    linkId: { kind: "ref", to: "account-links", shape: "uuid", label: ["Linked accounts", "关联账户"] },
    traderA: linkTraderA,
    traderB: linkTraderB,
    state: linkState,
    reason: linkReason,
    score: linkScore,
    evidence: linkEvidence,
    weightsVersion: weightsVersionField,
    decidedBy: linkDecidedBy,
    decidedAt: linkDecidedAt,
  },
  operations: {
    list: ["admin", "risk"],
    read: ["admin", "risk"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["state", "decidedBy"],
  sort: ["id", "DESC"],
  list: ["state", "reason", "score", "decidedBy", "decidedAt", "linkId"],
  filters: ["state", "linkId", "tenantId"],
});
