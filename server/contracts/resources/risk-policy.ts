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
    updatedAt,
    version,
  },
  operations: { list: ["admin", "risk"], read: ["admin", "risk"], update: ["admin"], export: ["admin", "risk"] },
  scope: { tenantColumn: null, agentLineColumn: null },
  operatorOnly: ["update"],
  recordName: "id",
  sort: ["id", "ASC"],
  list: ["fourEyesAbovePercent", "updatedAt"],
  version: "version",
});
