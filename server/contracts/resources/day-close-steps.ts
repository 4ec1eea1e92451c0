import { closeStepLabels, closeWaitLabels } from "../choices.ts";
import { closeStepNames, closeWaits } from "../close-names.ts";
import { partner } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** The steps of each day's close with what they did: shown with the close. */
export default defineResource({
  name: "day-close-steps",
  group: "money",
  label: ["Day close steps", "结账步骤"],
  one: ["Day close step", "结账步骤"],
  source: "admin_day_close_steps",
  fields: {
    id: { kind: "id", shape: "bigint", label: ["Id", "标识"] },
    closeId: { kind: "ref", to: "day-closes", shape: "bigint", label: ["Day close", "日终结账"] },
    tenantId: partner,
    bookDate: { kind: "date", label: ["Book date", "账务日期"] },
    stepNo: { kind: "integer", min: 1, max: 100, label: ["No.", "序号"] },
    step: { kind: "choice", label: ["Step", "步骤"], options: closeStepNames, optionLabels: closeStepLabels },
    state: {
      kind: "choice",
      label: ["State", "状态"],
      options: ["pending", "failed", "done"],
      optionLabels: {
        pending: ["Not yet", "未执行"],
        failed: ["Stopped here", "停止于此"],
        done: ["Done", "已完成"],
      },
    },
    figures: { kind: "json", schema: "step-figures", label: ["Figures", "结果"], nullable: true },
    tookMs: {
      kind: "integer",
      min: 0,
      max: 2_147_483_647,
      label: ["Took (ms)", "耗时（毫秒）"],
      nullable: true,
      sortable: false,
      filterable: false,
    },
    waitsFor: {
      kind: "choice",
      label: ["Waits for", "等待"],
      options: closeWaits,
      optionLabels: closeWaitLabels,
      nullable: true,
      sortable: false,
    },
    waitsUntil: {
      kind: "time",
      label: ["At the latest until", "最晚至"],
      nullable: true,
      sortable: false,
      filterable: false,
    },
    toldBy: { kind: "text", maxLength: 200, label: ["By", "执行人"], nullable: true, sortable: false },
    toldAt: { kind: "time", label: ["When", "时间"], nullable: true, sortable: false },
  },
  operations: {
    list: ["admin", "finance"],
    read: ["admin", "finance"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null },
  recordName: ["bookDate", "step"],
  sort: ["stepNo", "ASC"],
  list: ["bookDate", "stepNo", "step", "state", "tookMs", "figures", "toldBy", "toldAt"],
  filters: ["closeId", "step", "state", "tenantId"],
});
