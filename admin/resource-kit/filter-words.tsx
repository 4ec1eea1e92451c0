import { useTranslate } from "react-admin";
import { figure } from "../format/figures.ts";
import { dateText, timeText } from "../format/times.ts";
import { FieldView } from "./field-view.tsx";
import type { FilterSpec } from "./filter-specs.ts";
import { useSay, useScreenLocale } from "./hooks.ts";
import { RefText } from "./ref-text.tsx";

interface Props {
  readonly spec: FilterSpec;
  readonly values: Record<string, unknown>;
}

/** A filter in words: "Filled: 1 Nov – 2 Nov", "State: Accepted". */
export function FilterWords({ spec, values }: Props) {
  const say = useSay();
  const translate = useTranslate();
  return (
    <>
      {say(spec.field.label)}
      {translate("desk.colon")}
      {spec.kind === "range" ? <Range spec={spec} values={values} /> : <One spec={spec} values={values} />}
    </>
  );
}

function One({ spec: { name, field, kind }, values }: Props) {
  const held: unknown = values[kind === "like" ? `${name}_like` : name];
  const value = String(held ?? "");
  if (Array.isArray(held) || field.kind === "id") return <>{value}</>;
  if (field.kind === "ref") return <RefText field={field} id={value} isLink={false} />;
  return <FieldView name={name} field={field} record={{ id: "", [name]: held }} />;
}

function Range({ spec: { name, field }, values }: Props) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const wordsOf = (value: unknown): string => {
    if (field.kind === "time") return timeText(String(value), locale);
    return field.kind === "date" ? dateText(String(value), locale) : figure(String(value));
  };
  const [from, to] = [values[`${name}_gte`], values[`${name}_lte`]];
  if (to === undefined) return <>{`${translate("desk.filter.from")} ${wordsOf(from)}`}</>;
  if (from === undefined) return <>{`${translate("desk.filter.to")} ${wordsOf(to)}`}</>;
  return <>{`${wordsOf(from)} – ${wordsOf(to)}`}</>;
}
