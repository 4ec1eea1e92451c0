import { book, createdAt } from "../common-fields.ts";
import { defineResource } from "../resource.ts";
import { rehearsalStateLabels } from "../risk-choices.ts";
import { rehearsalStates } from "../risk-names.ts";

/** What a change would have done to the orders of a period. Asked for by a command of the change, played in the background. */
export default defineResource({
  name: "risk-rehearsals",
  group: "risk",
  label: ["Rehearsals", "变更演练"],
  one: ["Rehearsal", "变更演练"],
  source: "risk_rehearsals",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"] },
    changeId: { kind: "ref", to: "risk-changes", shape: "uuid", label: ["Change", "风控变更"] },
    book,
    fromAt: { kind: "time", label: ["Orders from", "委托起始"] },
    toAt: { kind: "time", label: ["Until", "截至"] },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: rehearsalStates,
      optionLabels: rehearsalStateLabels,
    },
    percent: { kind: "integer", min: 0, max: 100, label: ["Played, %", "进度（%）"], sortable: false },
    result: { kind: "json", schema: "what-if", label: ["What it would have done", "演练结果"], nullable: true },
    failure: { kind: "text", maxLength: 500, label: ["What failed", "失败原因"], nullable: true, sortable: false },
    askedBy: { kind: "text", maxLength: 200, label: ["Asked for by", "申请人"] },
    createdAt,
    finishedAt: { kind: "time", label: ["Finished", "完成时间"], nullable: true, sortable: false, filterable: false },
  },
  operations: { list: ["admin", "risk"], read: ["admin", "risk"], export: ["admin", "risk"] },
  scope: { tenantColumn: null, agentLineColumn: null },
  recordName: ["book", "fromAt", "toAt"],
  sort: ["createdAt", "DESC"],
  list: ["createdAt", "changeId", "book", "fromAt", "toAt", "state", "percent", "askedBy"],
  filters: ["changeId", "state"],
  underWay: { field: "state", in: ["waiting", "running"] },
});
