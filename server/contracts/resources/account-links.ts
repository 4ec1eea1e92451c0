import { partner, reason, version } from "../common-fields.ts";
import { linkEdgeLabels } from "../link-choices.ts";
import {
  linkDecidedAt,
  linkDecidedBy,
  linkEvidence,
  linkReason,
  linkScore,
  linkState,
  linkStrongest,
  linkTraderA,
  linkTraderB,
  weightsVersionField,
} from "../link-fields.ts";
import { linkEdges } from "../link-names.ts";
import { defineResource } from "../resource.ts";

const undecided = ["open", "household", "dismissed"];

/** Pairs of traders who may be one person, with what says so and what people decided. */
export default defineResource({
  name: "account-links",
  group: "traders",
  label: ["Linked accounts", "关联账户"],
  one: ["Linked accounts", "关联账户"],
  source: "admin_account_links",
  table: "account_links",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: {
      ...partner,
      help: ["Empty: traders of two partners.", "留空：双方属于不同合作方。"],
      nullable: true,
      readOnly: true,
    },
    pair: {
      kind: "text",
      maxLength: 170,
      label: ["Traders", "交易者"],
      personal: true,
      revealedTo: ["admin", "risk"],
      readOnly: true,
    },
    state: linkState,
    edge: {
      kind: "choice",
      label: ["Strength", "强度"],
      options: linkEdges,
      optionLabels: linkEdgeLabels,
      readOnly: true,
      sortable: false,
      filterable: true,
    },
    score: linkScore,
    strongest: { ...linkStrongest, sortable: false, filterable: true },
    traderA: linkTraderA,
    traderB: linkTraderB,
    groupId: {
      kind: "id",
      shape: "uuid",
      label: ["Group", "关联组"],
      help: [
        "Everybody whom strong and confirmed links join, named after one of them.",
        "由强关联与已确认关联连成的一组，以其中一名交易者命名。",
      ],
      nullable: true,
      readOnly: true,
      sortable: false,
      filterable: true,
    },
    mainTraderId: {
      ...{
        kind: "ref",
        to: "traders",
        shape: "uuid",
        label: ["Main account", "主账户"],
        nullable: true,
        readOnly: true,
      },
      ...{ sortable: false, filterable: false },
    },
    evidence: linkEvidence,
    reason: { ...linkReason, nullable: true },
    decidedBy: { ...linkDecidedBy, nullable: true, sortable: false },
    decidedAt: { ...linkDecidedAt, nullable: true },
    foundAt: { kind: "time", label: ["Found", "发现时间"], readOnly: true },
    scoredAt: { kind: "time", label: ["Scored", "评分时间"], readOnly: true },
    weightsVersion: weightsVersionField,
    version,
  },
  operations: {
    list: ["admin", "risk"],
    read: ["admin", "risk"],
    export: ["admin", "risk"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "pair",
  sort: ["score", "DESC"],
  list: ["pair", "state", "edge", "score", "strongest", "tenantId", "foundAt", "decidedBy"],
  filters: ["state", "edge", "strongest", "tenantId", "traderA", "traderB", "groupId"],
  shows: [
    { resource: "account-links", where: { groupId: "groupId" } },
    { resource: "account-link-decisions", where: { linkId: "id" } },
  ],
  queue: {
    label: ["Links to review", "待审核关联"],
    where: { field: "state", in: ["open"] },
    sort: ["score", "DESC"],
    list: ["score", "strongest", "foundAt"],
  },
  version: "version",
  commands: {
    confirm: {
      label: ["One person", "确认为同一人"],
      consequence: [
        "From the next order on limits count the two as one, and an agent earns nothing on an account that is one person with his own. Nobody is locked.",
        "自下一笔委托起，两个账户合并计算限额；与代理本人为同一人的账户，该代理不再获得返佣。不会锁定任何账户。",
      ],
      roles: ["admin", "risk"],
      input: { reason },
      key: "c",
      when: { field: "state", in: undecided },
    },
    "confirm-group": {
      label: ["Whole group is one person", "确认整组为同一人"],
      consequence: [
        "Every strong link of the group that nobody has decided is confirmed.",
        "确认该组内所有尚未处理的强关联。",
      ],
      roles: ["admin", "risk"],
      input: { reason },
      danger: true,
      when: { field: "state", in: ["open", "confirmed"] },
    },
    household: {
      label: ["Household", "同住家人"],
      consequence: [
        "Two people who live together. Their accounts stay apart, whatever the score becomes.",
        "两人同住。无论评分如何变化，账户始终分开计算。",
      ],
      roles: ["admin", "risk"],
      input: { reason },
      key: "h",
      when: { field: "state", in: ["open", "confirmed", "dismissed"] },
    },
    dismiss: {
      label: ["Strangers", "确认无关"],
      consequence: [
        "Two people who have nothing to do with each other. Their accounts stay apart, whatever the score becomes.",
        "两人互不相关。无论评分如何变化，账户始终分开计算。",
      ],
      roles: ["admin", "risk"],
      input: { reason },
      key: "d",
      when: { field: "state", in: ["open", "confirmed", "household"] },
    },
    reopen: {
      label: ["Take back", "撤回决定"],
      consequence: ["The pair is to be reviewed again.", "该关联将重新审核。"],
      roles: ["admin", "risk"],
      input: { reason },
      when: { field: "state", in: ["household", "confirmed", "dismissed"] },
    },
    rescore: {
      label: ["Score anew", "重新评分"],
      consequence: [
        "Both traders are scored by what is known now. What was decided stays.",
        "按当前已知信息对双方重新评分，已作的决定不变。",
      ],
      roles: ["admin", "risk"],
      input: {},
    },
    "set-main": {
      label: ["Set main account", "设为主账户"],
      consequence: [
        "Says which account of the person is the one to go on with. Nothing else changes.",
        "标明该人应继续使用的账户，其他不变。",
      ],
      roles: ["admin", "risk"],
      input: {
        traderId: { kind: "ref", to: "traders", shape: "uuid", label: ["Trader", "交易者"], required: true },
        reason,
      },
      when: { field: "state", in: ["confirmed"] },
    },
  },
});
