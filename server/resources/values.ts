import { z } from "zod";
import type { DecimalField, Field, IdField, IntegerField, LotsField, RefField, TextField } from "#contracts/field.ts";
import { jsonSchemas } from "#contracts/json-schemas.ts";
import { isPlainText } from "#contracts/plain-text.ts";
import { parseDecimal } from "#core/units.ts";
import { isZone } from "#core/zone-time.ts";
import type { MessageKey } from "./messages.ts";

const key = (message: MessageKey): MessageKey => message;
const int8Max = 9_223_372_036_854_775_807n;
const int4Max = 2_147_483_647;
/** Digits before the point that a numeric(20,8) column takes. */
const decimalDigitsMax = 12;

/** Any that PostgreSQL takes: the id of a payout is a hash, without the version digit of RFC 9562. */
const uuid = z.guid({ error: key("reference") });
const bigintText = z
  .string({ error: key("whole") })
  .regex(/^(0|-?[1-9]\d{0,18})$/, { error: key("whole"), abort: true })
  .refine((text) => BigInt(text) <= int8Max && BigInt(text) >= -int8Max, { error: key("tooLarge"), abort: true });
const int4 = z
  .int({ error: key("whole") })
  .min(-int4Max, key("tooSmall"))
  .max(int4Max, key("tooLarge"));

/** Checks a value from outside for one field, null apart. Its messages are keys of messages.ts. */
export function valueSchema(spec: Field): z.ZodType {
  switch (spec.kind) {
    case "id":
    case "ref":
      return identifier(spec);
    case "text":
      return text(spec);
    case "email":
      return z.email({ error: key("email") }).max(254, key("tooLong"));
    case "secret":
      return z
        .string({ error: key("text") })
        .min(spec.minLength, key("tooShort"))
        .max(spec.maxLength, key("tooLong"));
    case "choice":
      return z.enum(spec.options as [string, ...string[]], { error: key("choice") });
    case "money":
      return decimal({ scale: 8, ...(spec.signed ? {} : { min: "0" }) });
    case "decimal":
      return decimal(spec);
    case "integer":
      return integer(spec);
    case "lots":
      return wholeLots(spec);
    case "boolean":
      return z.boolean({ error: key("boolean") });
    case "time":
      return z.iso.datetime({ offset: true, error: key("time") }).refine(isStorableTime, key("time"));
    case "date":
      return z.iso.date({ error: key("date") }).refine(isStorableDate, key("date"));
    case "clock":
      return z.string({ error: key("clock") }).regex(/^([01]\d|2[0-3]):[0-5]\d$/, key("clock"));
    case "texts":
      return z
        .array(text({ ...spec, kind: "text" }), { error: key("list") })
        .max(spec.maxItems, key("tooMany"))
        .refine((items) => new Set(items).size === items.length, key("twice"));
    case "json":
      return jsonSchemas[spec.schema] ?? z.never();
  }
}

function identifier(spec: IdField | RefField): z.ZodType {
  if (spec.shape === "uuid") return uuid;
  if (spec.shape === "integer") return int4;
  if (spec.shape === "bigint") return bigintText;
  const pattern = spec.kind === "id" ? spec.pattern : undefined;
  const plain = z
    .string({ error: key("text") })
    .min(1, key("required"))
    .max(80, key("tooLong"));
  return pattern === undefined
    ? plain.regex(/^[\x20-\x7e]*$/, key("pattern"))
    : plain.regex(new RegExp(pattern), key("pattern"));
}

function text(spec: Pick<TextField, "kind" | "maxLength" | "pattern" | "multiline" | "format">): z.ZodType<string> {
  const shape = z
    .string({ error: key("text") })
    .min(1, key("required"))
    .max(spec.maxLength, key("tooLong"))
    .refine((value) => isPlainText(value, spec.multiline), key("control"));
  if (spec.format === "time-zone") return shape.refine(isZone, key("timeZone"));
  return spec.pattern === undefined ? shape : shape.regex(new RegExp(spec.pattern), key("pattern"));
}

/** ISO 8601 knows a year 0, PostgreSQL does not. */
const isStorableDate = (text: string): boolean => !text.startsWith("0000");

/** Nor does it take any number of digits after the second, or offsets that no place on earth has. */
const isStorableTime = (text: string): boolean =>
  isStorableDate(text) && /T[\d:]+(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):\d\d)$/.test(text);

function decimal({ scale, min }: Pick<DecimalField, "scale" | "min">): z.ZodType<string> {
  const least = min === undefined ? null : parseDecimal(min, scale);
  return z
    .string({ error: key("decimal") })
    .refine((value) => parseDecimal(value, scale) !== null, { error: key("decimal"), abort: true })
    .refine((value) => (value.split(".")[0]?.replace("-", "").length ?? 0) <= decimalDigitsMax, {
      error: key("tooLarge"),
      abort: true,
    })
    .refine((value) => least === null || (parseDecimal(value, scale) ?? least) >= least, key("tooSmall"));
}

function integer(spec: IntegerField): z.ZodType<number> {
  return z
    .int({ error: key("whole") })
    .min(spec.min, key("tooSmall"))
    .max(spec.max, key("tooLarge"));
}

function wholeLots(spec: LotsField): z.ZodType<string> {
  return bigintText.refine((value) => spec.min === undefined || BigInt(value) >= BigInt(spec.min), key("tooSmall"));
}
