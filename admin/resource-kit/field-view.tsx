import { Box } from "@mui/material";
import { type RaRecord, useTranslate } from "react-admin";
import type { Field, TextField } from "#contracts/field.ts";
import { declarationNamed } from "../declarations.ts";
import { figure, signOf } from "../format/figures.ts";
import { dateText, timeText, utcText } from "../format/times.ts";
import { token } from "../theme/tokens.ts";
import { actionWords } from "./action-words.ts";
import { ChoiceText } from "./choice-text.tsx";
import { useSay, useScreenLocale } from "./hooks.ts";
import { CopyId, IdLink } from "./id-text.tsx";
import { JsonView } from "./json-view.tsx";
import { useLedgerKindWords } from "./ledger-kind-words.ts";
import { RefText } from "./ref-text.tsx";

interface Props {
  readonly name: string;
  readonly field: Field;
  readonly record: RaRecord;
  /** Where the head of the column already names the currency. */
  readonly withoutUnit?: boolean;
  /** In a table, whose rows are one line high: the page of the record has room for the whole. */
  readonly oneLine?: boolean;
}

/** One field of a record as a person reads it. */
export function FieldView({ name, field, record, withoutUnit = false, oneLine = false }: Props) {
  const value: unknown = record[name];
  if (value === null || value === undefined || value === "") return <Nothing />;
  switch (field.kind) {
    case "id":
      return <CopyId id={String(value)} />;
    case "ref":
      return <RefText field={field} id={typeof value === "number" ? value : String(value)} />;
    case "choice":
      return <ChoiceText field={field} value={String(value)} />;
    case "money":
      return (
        <Money amount={String(value)} signed={field.signed} currency={withoutUnit ? null : record[field.currency]} />
      );
    case "decimal":
    case "integer":
    case "lots":
      return <>{figure(String(value))}</>;
    case "time":
      return <Time iso={String(value)} />;
    case "date":
      return <DateOnly date={String(value)} />;
    case "boolean":
      return <YesNo value={value === true} />;
    case "texts":
      return <>{Array.isArray(value) ? value.join(", ") : String(value)}</>;
    case "json":
      return <JsonView schema={field.schema} value={value} />;
    case "text":
      return <Text field={field} value={String(value)} record={record} oneLine={oneLine} />;
    default:
      return <>{String(value)}</>;
  }
}

interface TextProps {
  readonly field: TextField;
  readonly value: string;
  readonly record: RaRecord;
  readonly oneLine: boolean;
}

/** A text as it is, or what its code stands for. */
function Text({ field, value, record, oneLine }: TextProps) {
  const say = useSay();
  const locale = useScreenLocale();
  const ledgerKind = useLedgerKindWords();
  const about = String(record.resource);
  switch (field.names) {
    case "resource":
      return <>{say(declarationNamed(value)?.label ?? [value, value])}</>;
    case "action":
      return <>{actionWords(about, value, locale)}</>;
    case "ledger-kind":
      return <>{ledgerKind(value)}</>;
    case "object":
      return <IdLink id={value} to={about} />;
    default:
      if (oneLine) return <span title={value}>{value}</span>;
      return field.multiline === true ? <Box sx={{ whiteSpace: "pre-wrap" }}>{value}</Box> : value;
  }
}

function Nothing() {
  return (
    <Box component="span" aria-hidden sx={{ color: token("textFaint") }}>
      –
    </Box>
  );
}

interface MoneyProps {
  readonly amount: string;
  readonly signed: boolean;
  readonly currency: unknown;
}

/** Losses and gains differ by sign first and by colour second. */
function Money({ amount, signed, currency }: MoneyProps) {
  const negative = signed && signOf(amount) < 0;
  return (
    <Box component="span" sx={{ color: negative ? token("down") : "inherit" }}>
      <Box component="span" sx={{ whiteSpace: "nowrap" }}>
        {figure(amount)}
      </Box>
      {typeof currency === "string" && ` ${currency}`}
    </Box>
  );
}

/** A time in the reader's zone; the pointer shows UTC. */
export function Time({ iso }: { readonly iso: string }) {
  const locale = useScreenLocale();
  return (
    <time dateTime={iso} title={utcText(iso)}>
      {timeText(iso, locale)}
    </time>
  );
}

export function DateOnly({ date }: { readonly date: string }) {
  return <>{dateText(date, useScreenLocale())}</>;
}

function YesNo({ value }: { readonly value: boolean }) {
  const translate = useTranslate();
  return <>{translate(value ? "ra.boolean.true" : "ra.boolean.false")}</>;
}
