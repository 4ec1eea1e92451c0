import type { RaRecord } from "react-admin";
import { assetClasses } from "#contracts/names.ts";
import type { SheetLine } from "#contracts/risk-change-api.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";

type Target = SheetLine["target"];

/** What staff write lines for; the trader's own limits are his. */
export const draftScopes = ["default", "partner", "agent", "group", "trader"] as const;
export type DraftScope = (typeof draftScopes)[number];

/** A line that is being put together on screen. */
export interface LineWish {
  readonly scope: DraftScope;
  /** Id of the partner, agent, group or trader; empty: none chosen. */
  readonly whose: string;
  /** An asset class, an instrument, or empty: everything. */
  readonly object: string;
  readonly name: RiskSetting | "";
  readonly value: unknown;
}

/** Where a line's subject is found; null: it is about everybody. */
export const whoseResource: Readonly<Record<DraftScope, string | null>> = {
  default: null,
  partner: "partners",
  agent: "agents",
  group: "trader-groups",
  trader: "traders",
};

/** The line that is wished for; null while it is not known for whom. `whose`: the chosen record, which names its partner. */
export function targetOf({ scope, whose: id, object }: LineWish, whose: RaRecord | undefined): Target | null {
  const isClass = (assetClasses as readonly string[]).includes(object);
  const what = {
    assetClass: isClass ? object : null,
    instrumentId: isClass || object === "" ? null : object,
  };
  const nobody = { tenantId: null, agentId: null, groupId: null, traderId: null };
  if (scope === "default") return { scope, ...nobody, ...what };
  if (id === "") return null;
  if (scope === "group") return { scope, ...nobody, groupId: id, ...what };
  if (scope === "partner") return { scope, ...nobody, tenantId: Number(id), ...what };
  if (whose === undefined || String(whose.id) !== id) return null;
  const own = scope === "agent" ? { agentId: id } : { traderId: id };
  return { scope, ...nobody, tenantId: Number(whose.tenantId), ...own, ...what };
}
