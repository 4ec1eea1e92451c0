import { type ExposureGrouping, exposureGroupings, type WorstOrder, worstOrders } from "#contracts/exposure-names.ts";
import { type AssetClass, assetClasses, type Book } from "#contracts/names.ts";
import type { ExposureQuestion } from "./use-exposure.ts";

/** What narrows the view, by its name in the address. */
export const narrowings = ["tenantId", "agentId", "direct", "assetClass", "instrumentId"] as const;
export type Narrowing = (typeof narrowings)[number];

export type Changes = Partial<Record<Narrowing | "by" | "worst", string>>;

/** The groupings that tell a viewer something: a partner's staff have one partner. */
export const groupingsFor = (isOperators: boolean): readonly ExposureGrouping[] =>
  exposureGroupings.filter((one) => isOperators || one !== "partner");

/** The view that an address names; what it does not name, or names wrongly, is left open. */
export function questionIn(search: URLSearchParams, book: Book, isOperators: boolean): ExposureQuestion {
  const by = groupingsFor(isOperators).find((one) => one === search.get("by")) ?? "instrument";
  const worst: WorstOrder = worstOrders.find((one) => one === search.get("worst")) ?? "level";
  const tenant = /^[1-9]\d{0,8}$/.exec(search.get("tenantId") ?? "")?.[0];
  const agentId = /^[0-9a-f-]{36}$/.exec(search.get("agentId") ?? "")?.[0];
  const assetClass: AssetClass | undefined = assetClasses.find((one) => one === search.get("assetClass"));
  const instrumentId = search.get("instrumentId")?.slice(0, 40);
  return {
    ...{ book, by, worst },
    ...(tenant === undefined ? {} : { tenantId: Number(tenant) }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(search.get("direct") === "yes" ? { direct: true } : {}),
    ...(assetClass === undefined ? {} : { assetClass }),
    ...(instrumentId === undefined || instrumentId === "" ? {} : { instrumentId }),
  };
}

/** The address with some of its parts changed; "" takes one away. */
export function changed(search: URLSearchParams, changes: Changes): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes))
    if (value === "") next.delete(name);
    else if (value !== undefined) next.set(name, value);
  return next;
}

/** Where a click on a row leads: the same view, narrowed to the row and grouped by what comes below. Null: nothing comes below. */
export function drillOf(by: ExposureGrouping, group: string, isOperators: boolean): Changes | null {
  switch (by) {
    case "instrument":
      return { instrumentId: group, by: isOperators ? "partner" : "agent" };
    case "class":
      return { assetClass: group, by: "instrument" };
    case "partner":
      return { tenantId: group, by: "agent" };
    case "agent":
      return group === "" ? { direct: "yes", by: "trader" } : { agentId: group, direct: "", by: "agent" };
    case "trader":
      return null;
  }
}
