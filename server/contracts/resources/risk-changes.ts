import { book, createdAt, reason } from "../common-fields.ts";
import { defineResource } from "../resource.ts";
import { riskChangeStateLabels } from "../risk-choices.ts";
import { riskSettingFields } from "../risk-fields.ts";
import { riskChangeStates } from "../risk-names.ts";
import riskLimits from "./risk-limits.ts";

const who = { kind: "text", maxLength: 200, nullable: true, readOnly: true } as const;

/** Why a decision is as it is; kept with the change and in the audit log. */
const note = {
  ...reason,
  label: ["Note", "说明"],
  help: ["Kept with the change and in the audit log.", "将随变更及审计日志保存。"],
} as const;

const { scope, tenantId, agentId, groupId, traderId, instrumentId, assetClass } = riskLimits.fields;
const target = { scope, tenantId, agentId, groupId, traderId, instrumentId, assetClass } as const;

const unknown = (field: string) => ({ field, says: ["There is no such record.", "记录不存在。"] }) as const;

const draftOnly = { field: "state", in: ["draft"] } as const;
const proposedOnly = { field: "state", in: ["proposed"] } as const;

/** Changes of the risk table: drafted, tried on what was traded, then applied as one; by two people where limits are loosened far. */
export default defineResource({
  name: "risk-changes",
  group: "risk",
  label: ["Risk changes", "风控变更"],
  one: ["Risk change", "风控变更"],
  source: "admin_risk_changes",
  table: "risk_changes",
  writer: "risk-changes",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    name: { kind: "text", maxLength: 120, label: ["Name", "名称"], required: true, createOnly: true },
    reason: {
      kind: "text",
      maxLength: 500,
      multiline: true,
      label: ["Reason", "原因"],
      help: ["For whoever approves it; kept with every version it writes.", "供批准人查阅，并随每个版本保存。"],
      required: true,
      createOnly: true,
    },
    effectiveAt: {
      kind: "time",
      label: ["In force from", "生效时间"],
      help: ["Empty: as soon as it is applied.", "留空：批准后立即生效。"],
      nullable: true,
      createOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: riskChangeStates,
      optionLabels: riskChangeStateLabels,
      readOnly: true,
    },
    lines: { kind: "integer", min: 0, max: 2_147_483_647, label: ["Lines", "行数"], readOnly: true, sortable: false },
    author: { ...who, label: ["Written by", "起草人"], nullable: false },
    createdAt,
    proposedAt: { kind: "time", label: ["Proposed", "提交时间"], nullable: true, readOnly: true, sortable: false },
    decidedBy: { ...who, label: ["Decided by", "审批人"] },
    decidedAt: { kind: "time", label: ["Decided", "审批时间"], nullable: true, readOnly: true, sortable: false },
    decisionNote: { ...who, maxLength: 500, label: ["Note of the decision", "审批说明"] },
  },
  operations: {
    list: ["admin", "risk"],
    read: ["admin", "risk"],
    create: ["admin", "risk"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: null, agentLineColumn: null },
  operatorOnly: ["create"],
  recordName: "name",
  sort: ["createdAt", "DESC"],
  list: ["createdAt", "name", "state", "lines", "effectiveAt", "author", "decidedBy"],
  filters: ["state", "createdAt_gte", "createdAt_lte"],
  search: ["name", "author", "decidedBy"],
  shows: [
    { resource: "risk-rehearsals", where: { changeId: "id" } },
    { resource: "risk-versions", where: { changeId: "id" } },
  ],
  queue: {
    label: ["To approve", "待批准变更"],
    where: proposedOnly,
    sort: ["createdAt", "ASC"],
    list: ["author", "createdAt"],
  },
  constraints: {
    risk_changes_reason_given: { field: "reason", says: ["At least three characters.", "至少三个字符。"] },
    risk_changes_named: { field: "name", says: ["Must not be blank.", "不能为空。"] },
    risk_limits_one_each: {
      field: "scope",
      says: ["Somebody else made this line just now; set it anew.", "该行刚由他人建立，请重新设置。"],
    },
    risk_change_lines_agent_same_tenant: {
      field: "agentId",
      says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"],
    },
    risk_change_lines_trader_same_tenant: {
      field: "traderId",
      says: ["Must be a trader of the same partner.", "必须是同一合作方的交易者。"],
    },
    risk_change_lines_tenant_id_fkey: unknown("tenantId"),
    risk_change_lines_agent_id_fkey: unknown("agentId"),
    risk_change_lines_group_id_fkey: unknown("groupId"),
    risk_change_lines_trader_id_fkey: unknown("traderId"),
    risk_change_lines_instrument_id_fkey: unknown("instrumentId"),
    risk_change_lines_scope_names_one: riskLimits.constraints.risk_limits_scope_names_one,
    risk_change_lines_one_object: riskLimits.constraints.risk_limits_one_object,
  },
  commands: {
    "set-line": {
      label: ["Set a line", "设置一行"],
      consequence: [
        "What is filled in is changed on this line; what is empty stays as it is in force. Nothing holds before the change is applied.",
        "仅修改已填写的项；留空的项保持现行设置。变更生效前不产生任何影响。",
      ],
      inPlace: true,
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: {
        ...target,
        ...riskSettingFields,
        cleared: {
          kind: "texts",
          maxItems: 60,
          maxLength: 40,
          nullable: true,
          label: ["Taken away", "取消的设置"],
          help: [
            "Names of settings that the line no longer makes, one a line, such as maxPositionLots; all: all of them.",
            "该行不再设置的项，每行一个，如 maxPositionLots；all 表示全部取消。",
          ],
        },
      },
      when: draftOnly,
    },
    "remove-line": {
      label: ["Take a line out", "移除一行"],
      consequence: ["The change leaves this line as it is.", "此变更不再涉及该行。"],
      inPlace: true,
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: {
        lineId: { kind: "ref", to: "risk-change-lines", shape: "uuid", label: ["Line", "风控行"], required: true },
      },
      when: draftOnly,
    },
    rehearse: {
      label: ["Rehearse", "演练"],
      consequence: [
        "Plays the period's recorded orders through the change as it is now, in the background. Nothing is changed.",
        "在后台以当前变更重放该时段的历史委托，不作任何修改。",
      ],
      inPlace: true,
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: {
        book: { ...book, required: true, initial: "live" },
        fromAt: { kind: "time", label: ["Orders from", "委托起始"], required: true },
        toAt: {
          kind: "time",
          label: ["Until", "截至"],
          help: ["At most 93 days later; not included.", "最长 93 天，不含该时刻。"],
          required: true,
        },
      },
    },
    propose: {
      label: ["Propose", "提交批准"],
      consequence: [
        "Its lines are fixed; another person approves or rejects it.",
        "变更内容随即固定，由他人批准或拒绝。",
      ],
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: {},
      when: draftOnly,
    },
    apply: {
      label: ["Apply", "直接生效"],
      consequence: [
        "All lines are written at once, or none. Refused where a limit is loosened so far that a second person must approve.",
        "全部行一次写入，或全不写入。放宽幅度超过阈值时须由第二人批准。",
      ],
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: { note },
      when: draftOnly,
    },
    approve: {
      label: ["Approve and apply", "批准并生效"],
      consequence: ["All lines are written at once, or none.", "全部行一次写入，或全不写入。"],
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: { note },
      key: "a",
      when: proposedOnly,
    },
    reject: {
      label: ["Reject", "拒绝"],
      consequence: ["Nothing changes; it ends.", "不作任何修改，变更终结。"],
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: { note },
      danger: true,
      key: "r",
      when: proposedOnly,
    },
    withdraw: {
      label: ["Withdraw", "撤回"],
      consequence: ["Only whoever wrote it may. Nothing changes.", "仅起草人可撤回，不作任何修改。"],
      roles: ["admin", "risk"],
      operatorOnly: true,
      input: { note },
      danger: true,
      when: { field: "state", in: ["draft", "proposed"] },
    },
  },
});
