import {
  AutocompleteInput,
  BooleanInput,
  DateInput,
  type Identifier,
  maxLength,
  maxValue,
  minLength,
  minValue,
  NumberInput,
  PasswordInput,
  type RaRecord,
  ReferenceInput,
  regex,
  required,
  SelectInput,
  TextInput,
  useTranslate,
  type Validator,
} from "react-admin";
import type { Field, RefField } from "#contracts/field.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { declarationNamed } from "../declarations.ts";
import { fromWallTime, toWallTime, zoneText } from "../format/times.ts";
import { offeredTo } from "../providers/permissions.ts";
import { HolidaysInput, SessionsInput, timeOfDay } from "./calendar-inputs.tsx";
import { useMay, useSay, useScreenLocale, useSession } from "./hooks.ts";
import { titleFields, titleOf } from "./record-title.ts";

interface Props {
  readonly source: string;
  readonly field: Field;
  /** Replaces the field's own label: an end of a range. */
  readonly label?: string;
  readonly isRequired?: boolean;
  /** The record that is written about: what belongs to it is all that is offered. */
  readonly owner?: Owner;
}
interface Owner {
  readonly resource: string;
  readonly id: Identifier;
}

/** The input of a declared field. Figures stay text from the key to the wire. */
export function FieldInput({ source, field, label, owner, isRequired = field.required === true }: Props) {
  const say = useSay();
  const common = {
    source,
    label: label ?? say(field.label),
    helperText: field.help === undefined ? false : say(field.help),
  } as const;
  const must: Validator[] = isRequired ? [required()] : [];
  switch (field.kind) {
    case "choice":
      return <ChoiceInput field={field} common={common} validate={must} />;
    case "ref":
      return <RefInput field={field} common={common} validate={must} owner={owner} />;
    case "secret":
      return (
        <PasswordInput
          {...common}
          autoComplete="new-password"
          validate={[...must, minLength(field.minLength), maxLength(field.maxLength)]}
        />
      );
    case "boolean":
      return <BooleanInput {...common} />;
    case "integer":
      return <NumberInput {...common} step={1} validate={[...must, minValue(field.min), maxValue(field.max)]} />;
    case "date":
      return <DateInput {...common} validate={must} />;
    case "time":
      return <InstantInput common={common} validate={must} />;
    case "clock":
      return <TextInput {...common} placeholder="17:00" slotProps={shrunk} validate={[...must, timeOfDay]} />;
    case "texts":
      return <TextsInput common={common} maxItems={field.maxItems} validate={must} />;
    case "json":
      return field.schema === "calendar-sessions" ? <SessionsInput {...common} /> : <HolidaysInput {...common} />;
    case "money":
    case "decimal":
    case "lots":
      return <FigureInput field={field} common={common} validate={must} />;
    case "email":
      return <TextInput {...common} type="email" autoComplete="off" validate={[...must, maxLength(254)]} />;
    case "text":
      return (
        <TextInput
          {...common}
          multiline={field.multiline === true}
          minRows={field.multiline === true ? 2 : undefined}
          validate={[...must, maxLength(field.maxLength), ...patternOf(field.pattern)]}
        />
      );
    case "id":
      return <TextInput {...common} validate={[...must, ...patternOf(field.pattern)]} />;
  }
}

interface Common {
  readonly source: string;
  readonly label: string;
  readonly helperText: string | false;
}
interface InputProps {
  readonly common: Common;
  readonly validate: Validator[];
}

const shrunk = { inputLabel: { shrink: true } };
const patternOf = (pattern: string | undefined): Validator[] =>
  pattern === undefined ? [] : [regex(new RegExp(pattern))];

function ChoiceInput({ field, common, validate }: InputProps & { readonly field: Extract<Field, { kind: "choice" }> }) {
  const say = useSay();
  const choices = field.options.map((id) => ({ id, name: say(field.optionLabels[id] ?? [id, id]) }));
  return <SelectInput {...common} choices={choices} translateChoice={false} validate={validate} />;
}

function RefInput({
  field,
  common,
  validate,
  owner,
}: InputProps & { readonly field: RefField; readonly owner: Owner | undefined }) {
  const may = useMay();
  const locale = useScreenLocale();
  const session = useSession();
  const declared = declarationNamed(field.to);
  const target = declared === undefined || session === undefined ? declared : offeredTo(declared, session);
  if (target === undefined || !may(field.to, "list")) return <TextInput {...common} validate={validate} />;
  const named = (target.search ?? []).filter((name) => !titleFields(target).includes(name));
  const optionText = (record: RaRecord): string => {
    const further = named.map((name) => record[name]).filter((text) => typeof text === "string" && text !== "");
    return [titleOf(target, record, locale), ...further].join(" · ");
  };
  return (
    <ReferenceInput
      source={common.source}
      reference={field.to}
      perPage={25}
      sort={{ field: target.sort[0], order: target.sort[1] }}
      filter={{ ...field.offers, ...belongingTo(owner, target) }}
    >
      <AutocompleteInput
        label={common.label}
        helperText={common.helperText}
        optionText={optionText}
        validate={validate}
        filterToQuery={(text: string) => (text === "" || target.search === undefined ? {} : { q: text })}
      />
    </ReferenceInput>
  );
}

/** A filter for the records that refer to the one that is written about. */
function belongingTo(owner: Owner | undefined, target: ResourceDeclaration): Record<string, Identifier> {
  if (owner === undefined) return {};
  const names = Object.entries(target.fields).filter(
    ([, field]) => field.kind === "ref" && field.to === owner.resource,
  );
  return Object.fromEntries(names.map(([name]) => [name, owner.id]));
}

function FigureInput({
  field,
  common,
  validate,
}: InputProps & { readonly field: Extract<Field, { kind: "money" | "decimal" | "lots" }> }) {
  const translate = useTranslate();
  const shape: Validator = (value: unknown) => {
    if (value === null || value === undefined || value === "") return undefined;
    const text = String(value);
    if (field.kind === "lots") return wholeProblem(text, field.min, translate);
    if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return translate("desk.form.invalidDecimal");
    const digits = text.split(".")[1]?.length ?? 0;
    return field.kind === "decimal" && digits > field.scale
      ? translate("desk.form.tooFine", { scale: field.scale })
      : undefined;
  };
  return (
    <TextInput
      {...common}
      slotProps={{ htmlInput: { inputMode: "decimal" } }}
      autoComplete="off"
      validate={[...validate, shape]}
    />
  );
}

function wholeProblem(text: string, min: string | undefined, translate: ReturnType<typeof useTranslate>) {
  if (!/^-?\d{1,18}$/.test(text)) return translate("desk.form.invalidWhole");
  return min !== undefined && BigInt(text) < BigInt(min) ? translate("desk.form.tooLow", { min }) : undefined;
}

function InstantInput({ common, validate }: InputProps) {
  return (
    <TextInput
      {...common}
      label={`${common.label} (${zoneText()})`}
      type="datetime-local"
      slotProps={shrunk}
      format={(iso: unknown) => (typeof iso === "string" && iso !== "" ? toWallTime(iso) : "")}
      parse={(wall: string) => (wall === "" ? null : fromWallTime(wall))}
      validate={validate}
    />
  );
}

function TextsInput({ common, validate, maxItems }: InputProps & { readonly maxItems: number }) {
  const translate = useTranslate();
  const hint = translate("desk.form.texts", { max: maxItems });
  return (
    <TextInput
      {...common}
      helperText={common.helperText === false ? hint : `${common.helperText} ${hint}`}
      multiline
      minRows={2}
      format={(items: unknown) => (Array.isArray(items) ? items.join("\n") : "")}
      parse={(text: string) => (text === "" ? [] : text.split("\n"))}
      validate={validate}
    />
  );
}
