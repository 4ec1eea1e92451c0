import { updatedAt, version } from "../common-fields.ts";
import { defineResource } from "../resource.ts";

/** What holds for changes of the risk table; one record. */
export default defineResource({
  name: "risk-policy",
  group: "risk",
  label: ["Risk policy", "风控政策"],
  one: ["Risk policy", "风控政策"],
  source: "risk_policy",
  table: "risk_policy",
  fields: {
    id: { kind: "id", shape: "integer", label: ["Id", "标识"], readOnly: true },
    fourEyesAbovePercent: {
      kind: "integer",
      min: 0,
      max: 1_000_000,
      label: ["Two people above, %", "双人复核阈值（%）"],
      help: [
        "Who loosens a limit by more than this needs a second person. 0: every loosening; empty: none.",
        "放宽幅度超过该百分比时须第二人批准。0：任何放宽；留空：无须。",
      ],
      nullable: true,
      sortable: false,
    },
    ownLimitDelayHours: {
      kind: "integer",
      min: 1,
      max: 720,
      label: ["Own limits loosen after, hours", "自设限额放宽等待（小时）"],
      help: [
        "A trader tightens a limit of his own at once, and waits so long for a looser one.",
        "交易者收紧自设限额立即生效；放宽须等待该时长。",
      ],
      sortable: false,
    },
    updatedAt,
    version,
  },
  operations: { list: ["admin", "risk"], read: ["admin", "risk"], update: ["admin"], export: ["admin", "risk"] },
  scope: { tenantColumn: null, agentLineColumn: null },
  operatorOnly: ["update"],
  recordName: "id",
  sort: ["id", "ASC"],
  list: ["fourEyesAbovePercent", "ownLimitDelayHours", "updatedAt"],
  version: "version",
});
