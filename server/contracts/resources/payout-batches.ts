import { createdAt, currency, partner, version } from "../common-fields.ts";
import { payoutBatchStates } from "../payout-names.ts";
import { defineResource } from "../resource.ts";
import { payoutBatchStateLabels } from "../withdrawal-choices.ts";

const person = { kind: "text", maxLength: 200, nullable: true, sortable: false, readOnly: true } as const;
const moment = { kind: "time", nullable: true, sortable: false, readOnly: true } as const;
const count = { kind: "integer", min: 0, max: 10_000, sortable: false, readOnly: true } as const;

/** What the house's bank is told to pay. To create one is to gather what may be paid now; another person releases it, which makes its file. */
export default defineResource({
  name: "payout-batches",
  group: "money",
  label: ["Payout batches", "付款批次"],
  one: ["Payout batch", "付款批次"],
  source: "admin_payout_batches",
  table: "payout_batches",
  writer: "payout-batches",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    bankAccountId: {
      kind: "ref",
      to: "bank-accounts",
      shape: "uuid",
      label: ["Paid from", "付款账户"],
      help: [
        "All approved withdrawals of its partner and currency that are due and in no other batch, the oldest 200.",
        "汇集该合作方与币种下已批准、已到期且不在其他批次中的出金，最早的 200 笔。",
      ],
      required: true,
      createOnly: true,
    },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: payoutBatchStates,
      optionLabels: payoutBatchStateLabels,
      readOnly: true,
    },
    payouts: { ...count, label: ["Payouts", "付款笔数"] },
    leftOut: {
      ...count,
      label: ["Left out", "未纳入"],
      help: [
        "Not in the file: each says why on its row, and its withdrawal goes on without the batch.",
        "未写入文件，原因见各行；相应出金不受该批次影响。",
      ],
    },
    total: {
      kind: "money",
      currency: "currency",
      signed: false,
      label: ["Total", "总金额"],
      readOnly: true,
      sortable: false,
    },
    currency: { ...currency, readOnly: true },
    gatheredBy: { kind: "text", maxLength: 200, label: ["Gathered by", "汇集人"], readOnly: true, sortable: false },
    createdAt: { ...createdAt, column: "gathered_at", label: ["Gathered", "汇集时间"] },
    releasedBy: { ...person, label: ["Released by", "放行人"] },
    releasedAt: { ...moment, label: ["Released", "放行时间"] },
    cancelledBy: { ...person, label: ["Cancelled by", "取消人"] },
    cancelledAt: { ...moment, label: ["Cancelled", "取消时间"] },
    fileHash: {
      kind: "text",
      maxLength: 64,
      label: ["Hash of the file", "文件哈希"],
      help: [
        "SHA-256: the file is made once, and is the same at each download.",
        "SHA-256：文件只生成一次，每次下载均相同。",
      ],
      nullable: true,
      readOnly: true,
      sortable: false,
    },
    version,
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    create: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["total", "currency"],
  sort: ["createdAt", "DESC"],
  list: ["state", "createdAt", "bankAccountId", "payouts", "total", "leftOut", "gatheredBy", "releasedBy"],
  filters: ["state", "bankAccountId", "tenantId", "createdAt_gte", "createdAt_lte"],
  shows: [{ resource: "bank-payouts", where: { batchId: "id" } }],
  version: "version",
  queue: {
    label: ["To release", "待放行"],
    where: { field: "state", in: ["gathered"] },
    sort: ["createdAt", "ASC"],
    list: ["payouts", "total", "gatheredBy", "createdAt"],
  },
  files: [
    {
      path: "pain001",
      label: ["File for the bank", "银行付款文件"],
      exported: true,
      streamed: true,
      when: { field: "state", in: ["released"] },
    },
  ],
  commands: {
    release: {
      label: ["Release", "放行"],
      consequence: [
        "The money of each payout leaves its account and the bank's file is made. Only somebody else than who gathered it may; what can't be paid any more is left out.",
        "各笔款项从账户划出并生成银行文件。须由汇集人以外的人员放行；已不能支付的将不纳入。",
      ],
      roles: ["admin", "finance"],
      input: {},
      key: "a",
      when: { field: "state", in: ["gathered"] },
    },
    cancel: {
      label: ["Cancel", "取消"],
      consequence: [
        "Nothing was sent; its withdrawals can be gathered anew.",
        "未发送任何款项；其中的出金可重新汇集。",
      ],
      roles: ["admin", "finance"],
      input: {},
      danger: true,
      key: "r",
      when: { field: "state", in: ["gathered"] },
    },
  },
});
