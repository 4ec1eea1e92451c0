import type { Field } from "#contracts/field.ts";
import { valueSchema } from "./values.ts";

/** One value of a filter, ready to be bound; or why it is none. Numbers may come as JSON numbers where the field is a decimal. */
export function filterValue(
  spec: Field,
  value: unknown,
): { ok: true; value: string | number | boolean } | { ok: false; says: string } {
  const given = typeof value === "number" && isDecimalText(spec) ? String(value) : value;
  const loose =
    spec.kind === "time" && typeof given === "string" && /^\d{4}-\d{2}-\d{2}$/.test(given)
      ? `${given}T00:00:00Z`
      : given;
  const parsed = filterSchema(spec).safeParse(loose);
  if (!parsed.success) return { ok: false, says: parsed.error.issues[0]?.message ?? "pattern" };
  return { ok: true, value: parsed.data as string | number | boolean };
}

const isDecimalText = (spec: Field): boolean =>
  spec.kind === "money" ||
  spec.kind === "decimal" ||
  spec.kind === "lots" ||
  ((spec.kind === "id" || spec.kind === "ref") && spec.shape === "bigint");

/** As for writing, but without the bounds of what may be stored: one may ask for what is never there. */
function filterSchema(spec: Field) {
  switch (spec.kind) {
    case "text":
      return valueSchema({ ...spec, pattern: undefined, format: undefined } as Field);
    case "texts":
      return valueSchema({ kind: "text", label: spec.label, maxLength: spec.maxLength });
    case "email":
      return valueSchema({ kind: "text", label: spec.label, maxLength: 254 });
    case "money":
      return valueSchema({ kind: "decimal", label: spec.label, scale: 8 });
    case "decimal":
      return valueSchema({ kind: "decimal", label: spec.label, scale: spec.scale });
    case "lots":
      return valueSchema({ kind: "lots", label: spec.label });
    case "integer":
      return valueSchema({ ...spec, min: -2_147_483_647, max: 2_147_483_647 });
    default:
      return valueSchema(spec);
  }
}
