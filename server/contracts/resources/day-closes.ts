import { closeStepLabels } from "../choices.ts";
import { closeStepNames } from "../close-names.ts";
import { createdAt, partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

const count = { kind: "integer", min: 0, max: 100, readOnly: true } as const;

/** The close of each partner's book dates. The scheduler closes a date when it is over; a broken rule stops it until a person looks. */
export default defineResource({
  name: "day-closes",
  group: "money",
  label: ["Day closes", "日终结账"],
  one: ["Day close", "日终结账"],
  source: "admin_day_closes",
  table: "day_closes",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Id", "标识"], readOnly: true },
    tenantId: { ...partner, readOnly: true },
    bookDate: { kind: "date", label: ["Book date", "账务日期"], readOnly: true },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: ["open", "due", "closing", "failed", "closed"],
      optionLabels: {
        open: ["Not over yet", "未结束"],
        due: ["Due", "待结账"],
        closing: ["Closing", "结账中"],
        failed: ["Stopped by a broken rule", "规则不符，已停止"],
        closed: ["Closed", "已结账"],
      },
      readOnly: true,
    },
    stepsDone: { ...count, label: ["Steps done", "已完成步骤"], sortable: false },
    steps: { ...count, label: ["Steps", "步骤数"], sortable: false },
    failedStep: {
      kind: "choice",
      label: ["Stopped at", "停止于"],
      options: closeStepNames,
      optionLabels: closeStepLabels,
      nullable: true,
      readOnly: true,
      sortable: false,
    },
    askedBy: { kind: "text", maxLength: 200, label: ["Told to run by", "发起人"], nullable: true, readOnly: true },
    closedAt: { kind: "time", label: ["Closed", "结账时间"], nullable: true, readOnly: true },
    createdAt: { ...createdAt, readOnly: true },
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: "bookDate",
  sort: ["bookDate", "DESC"],
  list: ["bookDate", "tenantId", "state", "stepsDone", "steps", "failedStep", "askedBy", "closedAt"],
  filters: ["state", "tenantId", "bookDate_gte", "bookDate_lte"],
  underWay: { field: "state", in: ["due", "closing"] },
  shows: [
    { resource: "reconciliation-runs", where: { closeId: "id" } },
    { resource: "account-statements", where: { tenantId: "tenantId", bookDate: "bookDate" } },
  ],
  commands: {
    "dry-run": {
      label: ["Dry run", "试运行"],
      consequence: [
        "Says what each step that is left would do now. Nothing is closed or written; it reads the books, which may take a while.",
        "列出剩余各步骤当前将执行的内容，不结账、不写入；需读取账簿，可能耗时较长。",
      ],
      roles: ["admin", "finance"],
      input: {},
      when: { field: "state", in: ["open", "due", "closing", "failed"] },
      shownOnce: {
        over: { label: ["The date is over (1 yes, 0 no)", "日期已结束（1 是，0 否）"] },
        accounts: { label: ["Balances in the snapshot", "快照余额数"] },
        transfers: { label: ["Transfers of the date", "当日流水数"] },
        rulesChecked: { label: ["Rules checked", "已核对规则"] },
        rulesBroken: { label: ["Rules broken", "不符规则"] },
        unsealed: { label: ["Transfers to seal", "待封存流水数"] },
        statements: { label: ["Statements of accounts", "账户结单数"] },
        matched: { label: ["Payments matched with the channels", "与渠道相符笔数"] },
        open: { label: ["Payments that differ by what is known now", "按现有资料不符笔数"] },
        commissionFills: { label: ["Fills with commissions", "计佣成交数"] },
        payoutsPaid: { label: ["Commission payouts that would be paid", "将发放的佣金笔数"] },
      },
    },
    run: {
      label: ["Close now", "立即结账"],
      consequence: [
        "The scheduler closes the date at once. No transfer enters it any more; this can't be undone.",
        "调度进程将立即结账，此后该日期不再接受流水，且不可撤销。",
      ],
      roles: ["admin", "finance"],
      input: {},
      when: { field: "state", in: ["due"] },
    },
    resume: {
      label: ["Go on", "继续"],
      consequence: [
        "The step that stopped it is tried again, then those after it. Put right what it names first.",
        "将重试停止的步骤并继续后续步骤，请先处理其指出的问题。",
      ],
      roles: ["admin", "finance"],
      input: {},
      when: { field: "state", in: ["failed"] },
    },
  },
});
