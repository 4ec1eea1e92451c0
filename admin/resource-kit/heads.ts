import type { RaRecord } from "react-admin";
import type { Field } from "#contracts/field.ts";
import { zoneText } from "../format/times.ts";
import { useSay } from "./hooks.ts";

/** The currency that all rows share, so that the head of the column can name it once. */
export function sharedCurrency(field: Field, rows: readonly RaRecord[]): string | null {
  if (field.kind !== "money") return null;
  const [only, ...others] = new Set(rows.map((record) => record[field.currency]));
  return others.length === 0 && typeof only === "string" ? only : null;
}

/** Heads name the unit of what is below: the currency where all rows share one, the zone of times. */
export function useHead(): (field: Field, rows: readonly RaRecord[]) => string {
  const say = useSay();
  return (field, rows) => {
    const label = say(field.head ?? field.label);
    if (field.kind === "time") return `${label} (${zoneText()})`;
    const currency = sharedCurrency(field, rows);
    return currency === null ? label : `${label} (${currency})`;
  };
}
