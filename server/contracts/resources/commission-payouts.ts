import { payoutState } from "../commission-fields.ts";
import { currency, partner, reason, updatedAt } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

const money = { kind: "money", currency: "currency", readOnly: true, sortable: false } as const;

/** What an agent has coming of a book date: posted on the next business day unless held. */
export default defineResource({
  name: "commission-payouts",
  group: "agents",
  label: ["Commission payouts", "返佣结算"],
  one: ["Commission payout", "返佣结算"],
  source: "admin_commission_payouts",
  table: "commission_payouts",
  fields: {
    id: {
      kind: "id",
      shape: "uuid",
      label: ["Id", "标识"],
      help: ["Also the group of its transfers.", "亦为其账本分录的分组。"],
      readOnly: true,
    },
    bookDate: { kind: "date", label: ["Book date", "账务日期"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    agentId: { kind: "ref", to: "agents", shape: "uuid", label: ["Agent", "代理"], readOnly: true },
    state: { ...payoutState, readOnly: true },
    earned: { ...money, signed: false, label: ["Earned", "应得"] },
    clawedBack: { ...money, signed: false, label: ["Clawed back", "追回"] },
    carriedIn: { ...money, signed: true, label: ["Carried in", "上期结转"], nullable: true },
    takenBack: {
      ...money,
      signed: false,
      label: ["Taken back", "本期扣回"],
      help: ["As much of the clawbacks as this date's earnings cover.", "以本日应得为限扣回的追回款。"],
      nullable: true,
    },
    paid: { ...money, signed: false, label: ["Paid", "实付"], nullable: true },
    carriedOut: { ...money, signed: true, label: ["Carried on", "结转下期"], nullable: true },
    currency: { ...currency, readOnly: true },
    heldFor: {
      kind: "text",
      label: ["Held because", "暂扣原因"],
      maxLength: 500,
      nullable: true,
      readOnly: true,
      sortable: false,
    },
    postedAt: { kind: "time", label: ["Posted", "入账时间"], nullable: true, readOnly: true, sortable: false },
    updatedAt: { ...updatedAt, sortable: false },
  },
  operations: {
    list: ["admin", "finance", "risk", "support", "agent"],
    read: ["admin", "finance", "risk", "support", "agent"],
    export: ["admin", "finance", "agent"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: "agent_line" },
  recordName: ["bookDate", "earned", "currency"],
  sort: ["bookDate", "DESC"],
  list: [
    "bookDate",
    "agentId",
    "state",
    "earned",
    "clawedBack",
    "carriedIn",
    "paid",
    "carriedOut",
    "currency",
    "postedAt",
  ],
  filters: ["state", "bookDate_gte", "bookDate_lte", "tenantId", "agentId"],
  shows: [
    { resource: "commissions", where: { agentId: "agentId", bookDate: "bookDate" } },
    { resource: "transfers", where: { groupId: "id" } },
  ],
  commands: {
    hold: {
      label: ["Hold", "暂扣"],
      consequence: ["It is left out of the posting until somebody releases it.", "入账时跳过，直至放行。"],
      roles: ["admin", "finance", "risk"],
      input: { reason },
      danger: true,
      when: { field: "state", in: ["pending", "payable"] },
    },
    release: {
      label: ["Release", "放行"],
      consequence: ["It is paid with the next posting of its book date.", "将在该账务日期下次入账时支付。"],
      roles: ["admin", "finance"],
      input: { reason },
      when: { field: "state", in: ["held", "pending"] },
    },
  },
});
