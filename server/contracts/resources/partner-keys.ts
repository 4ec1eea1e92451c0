import { keyStateLabels } from "../choices.ts";
import { createdAt, partner } from "../common-fields.ts";
import { keyStates } from "../names.ts";
import { defineResource } from "../resource.ts";

/** What a partner's backend signs logins with: the public halves. Added and revoked by commands of the partner. */
export default defineResource({
  name: "partner-keys",
  group: "partners",
  label: ["Partner keys", "合作方密钥"],
  one: ["Partner key", "合作方密钥"],
  source: "partner_keys",
  fields: {
    id: { kind: "id", shape: "text", label: ["Key id", "密钥编号"] },
    tenantId: partner,
    state: { kind: "choice", label: ["State", "状态"], options: keyStates, optionLabels: keyStateLabels },
    publicKeyPem: {
      kind: "text",
      label: ["Public key", "公钥"],
      help: ["Ed25519, in PEM.", "Ed25519，PEM 格式。"],
      maxLength: 400,
      multiline: true,
      sortable: false,
    },
    createdAt,
  },
  operations: {
    list: ["admin", "support"],
    read: ["admin", "support"],
    export: ["admin"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "id",
  sort: ["createdAt", "DESC"],
  list: ["id", "tenantId", "state", "createdAt"],
  filters: ["tenantId", "state"],
  search: ["id"],
});
