import { killModeLabels, killScopeLabels } from "../choices.ts";
import { createdAt, partner, reason } from "../common-fields.ts";
import { killModes, killScopes } from "../names.ts";
import { defineResource } from "../resource.ts";

/** Switches that stop trading at once. To create one is to throw it; a lifted one stays as a record. */
export default defineResource({
  name: "kill-switches",
  group: "desk",
  label: ["Kill switches", "紧急停止"],
  one: ["Kill switch", "紧急停止"],
  source: "admin_kill_switches",
  table: "kill_switches",
  writer: "kill-switches",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    scope: {
      kind: "choice",
      label: ["Stops", "停止范围"],
      help: [
        "Everyone and an instrument hold for all partners; only the operator's own staff may stop them.",
        "「所有人」与「合约」对全部合作方生效，仅限运营方人员使用。",
      ],
      options: killScopes,
      optionLabels: killScopeLabels,
      required: true,
      createOnly: true,
    },
    mode: {
      kind: "choice",
      label: ["Mode", "模式"],
      help: [
        "Halt refuses every order, exits too, and triggers none. Close only refuses what would open or enlarge a position.",
        "暂停交易将拒绝所有委托（包括平仓），挂单不再触发；只可平仓将拒绝开仓与加仓。",
      ],
      options: killModes,
      optionLabels: killModeLabels,
      initial: "halt",
      required: true,
      createOnly: true,
    },
    tenantId: {
      ...partner,
      help: [
        "For a partner; found by itself for an agent line or an account.",
        "停止合作方时填写；代理线或账户所属的合作方自动确定。",
      ],
      nullable: true,
      createOnly: true,
    },
    agentId: {
      kind: "ref",
      to: "agents",
      shape: "uuid",
      label: ["Agent line", "代理线"],
      help: ["The agent and everybody below.", "该代理及其所有下级。"],
      nullable: true,
      createOnly: true,
    },
    instrumentId: {
      kind: "ref",
      to: "instruments",
      shape: "text",
      label: ["Instrument", "合约"],
      nullable: true,
      createOnly: true,
    },
    accountId: {
      kind: "ref",
      to: "accounts",
      shape: "uuid",
      label: ["Account", "交易账户"],
      nullable: true,
      createOnly: true,
    },
    cancelWorking: {
      kind: "boolean",
      label: ["Cancel working orders", "撤销挂单"],
      help: ["Those it stops are cancelled at once; otherwise they wait.", "立即撤销受影响的挂单；否则继续等待。"],
      initial: false,
      createOnly: true,
    },
    reason: {
      ...reason,
      help: ["Traders are told it with each refused order.", "拒绝委托时会告知交易者。"],
      createOnly: true,
    },
    confirmation: {
      kind: "text",
      label: ["Confirmation", "确认"],
      help: ["To stop everyone, type ALL.", "停止所有人时，请输入 ALL。"],
      maxLength: 10,
      nullable: true,
      createOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: ["in-force", "lifted"],
      optionLabels: { "in-force": ["In force", "生效中"], lifted: ["Lifted", "已解除"] },
      readOnly: true,
    },
    target: { kind: "text", maxLength: 200, label: ["Whom", "对象"], nullable: true, readOnly: true },
    thrownBy: { kind: "text", maxLength: 200, label: ["Thrown by", "操作人"], readOnly: true },
    createdAt: { ...createdAt, column: "thrown_at", label: ["Thrown", "启用时间"] },
    cancelledOrders: {
      kind: "integer",
      min: 0,
      max: 2_147_483_647,
      label: ["Orders cancelled", "已撤委托数"],
      readOnly: true,
    },
    cancelledAt: { kind: "time", label: ["All cancelled", "撤单完成时间"], nullable: true, readOnly: true },
    liftedBy: { kind: "text", maxLength: 200, label: ["Lifted by", "解除人"], nullable: true, readOnly: true },
    liftedAt: { kind: "time", label: ["Lifted", "解除时间"], nullable: true, readOnly: true },
    liftReason: { kind: "text", maxLength: 500, label: ["Why lifted", "解除原因"], nullable: true, readOnly: true },
  },
  operations: {
    list: ["admin", "risk", "support"],
    read: ["admin", "risk", "support"],
    create: ["admin", "risk"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null, shared: true },
  recordName: ["scope", "target"],
  sort: ["createdAt", "DESC"],
  list: ["state", "scope", "target", "mode", "reason", "createdAt", "thrownBy", "liftedAt"],
  filters: ["state", "scope", "mode", "tenantId", "instrumentId", "accountId"],
  search: ["target", "reason", "thrownBy"],
  constraints: {
    kill_switches_one_open_each: {
      field: "scope",
      says: ["Such a switch is in force already.", "已有相同的紧急停止生效中。"],
    },
    kill_switches_agent_same_tenant: {
      field: "agentId",
      says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"],
    },
    kill_switches_account_same_tenant: {
      field: "accountId",
      says: ["Must be an account of the same partner.", "必须是同一合作方的账户。"],
    },
    kill_switches_reason_given: { field: "reason", says: ["Say why.", "请说明原因。"] },
  },
  commands: {
    lift: {
      label: ["Lift", "解除"],
      consequence: [
        "Orders are taken again at once. Working orders that were not cancelled trigger from the next quote on; what passed meanwhile does not trigger them.",
        "立即恢复接受委托。未撤销的挂单从下一笔报价起可触发，其间的报价不会触发。",
      ],
      roles: ["admin", "risk"],
      input: { reason },
      danger: true,
      when: { field: "state", in: ["in-force"] },
    },
  },
});
