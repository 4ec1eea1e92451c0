import type { RaRecord } from "react-admin";
import type { Locale } from "#contracts/names.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { shortId } from "../format/figures.ts";
import { timeText } from "../format/times.ts";
import { inLocale } from "../i18n/resource-messages.ts";
import { actionWords } from "./action-words.ts";

type Titled = Pick<ResourceDeclaration, "fields" | "recordName">;

/** The fields that name a record, in order. */
export const titleFields = ({ recordName }: Titled): readonly string[] =>
  typeof recordName === "string" ? [recordName] : recordName;

/** A record by its name: "Ada Marlow · Demo · USD". An id that is its name is shortened. */
export function titleOf(declaration: Titled, record: RaRecord, locale: Locale): string {
  const parts = titleFields(declaration).flatMap((name) => {
    const value: unknown = record[name];
    if (value === null || value === undefined || value === "") return [];
    const field = declaration.fields[name];
    const label = field?.kind === "choice" ? field.optionLabels[String(value)] : undefined;
    if (label !== undefined) return [inLocale(label, locale)];
    if (field?.kind === "text" && field.names === "action")
      return [actionWords(String(record.resource), String(value), locale)];
    if (field?.kind === "time") return [timeText(String(value), locale)];
    return [field?.kind === "id" ? shortId(String(value)) : String(value)];
  });
  return parts.length === 0 ? shortId(String(record.id)) : parts.join(" · ");
}
