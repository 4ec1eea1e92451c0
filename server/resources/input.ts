import { isDeepStrictEqual } from "node:util";
import type { Field } from "#contracts/field.ts";
import type { Locale } from "#contracts/names.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { type MessageKey, says, saysOrKeeps } from "./messages.ts";
import type { Resource } from "./model.ts";
import { valueSchema } from "./values.ts";
import type { WireRecord } from "./wire.ts";

/** Checked values by field name. Absent: not given. */
export type Input = Readonly<Record<string, unknown>>;

/** A body as an object of own keys; anything else is refused. */
export function readBody(body: unknown, locale: Locale): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new ProblemError(400, "BODY_MISSING", says("bodyMissing", locale));
}

/** What a new record is made of: declared, writable fields with valid values, the required ones among them. */
export function readCreate(resource: Resource, body: Record<string, unknown>, locale: Locale): Input {
  const { fields } = resource.declaration;
  refuseUnknown(body, fields, locale);
  const errors = new FieldErrors(locale);
  for (const [name, value] of Object.entries(body))
    if (fields[name]?.readOnly === true && value !== null) errors.add(name, "readOnly");
  const writable = Object.entries(fields).filter(([, spec]) => spec.readOnly !== true);
  const input = readFields(Object.fromEntries(writable), body, errors);
  errors.throwIfAny();
  return input;
}

/**
 * What an update changes. The whole form may come back: a value the person was shown (masked or not) is no change, so only
 * what differs is checked, and what may not change is refused.
 */
export function readChanges(
  resource: Resource,
  body: Record<string, unknown>,
  shown: WireRecord,
  locale: Locale,
): Input {
  const { fields, version } = resource.declaration;
  refuseUnknown(body, fields, locale);
  const errors = new FieldErrors(locale);
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const spec = fields[name];
    if (spec === undefined || name === version || isDeepStrictEqual(value, shown[name])) continue;
    if (spec.readOnly === true) errors.add(name, "readOnly");
    else if (spec.createOnly === true) errors.add(name, "createOnly");
    else readField(name, spec, value, errors, changes);
  }
  errors.throwIfAny();
  return changes;
}

/** What a command is given. */
export function readCommand(
  fields: Readonly<Record<string, Field>>,
  body: Record<string, unknown>,
  locale: Locale,
): Input {
  refuseUnknown(body, fields, locale);
  const errors = new FieldErrors(locale);
  const input = readFields(fields, body, errors);
  errors.throwIfAny();
  return input;
}

function readFields(
  fields: Readonly<Record<string, Field>>,
  body: Record<string, unknown>,
  errors: FieldErrors,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(fields)) {
    const value = body[name] ?? spec.initial;
    if (value === undefined || value === null) {
      if (spec.required === true) errors.add(name, "required");
    } else readField(name, spec, value, errors, input);
  }
  return input;
}

function readField(
  name: string,
  spec: Field,
  value: unknown,
  errors: FieldErrors,
  into: Record<string, unknown>,
): void {
  if (value === null) {
    if (spec.nullable === true) into[name] = null;
    else errors.add(name, "notNull");
    return;
  }
  const parsed = valueSchema(spec).safeParse(value);
  if (parsed.success) into[name] = parsed.data;
  else
    for (const issue of parsed.error.issues)
      if (issue.code === "unrecognized_keys")
        for (const key of issue.keys) errors.add([name, ...issue.path, key].join("."), "unknownField");
      else errors.add([name, ...issue.path].join("."), issue.message);
}

function refuseUnknown(body: Record<string, unknown>, fields: Readonly<Record<string, Field>>, locale: Locale): void {
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(fields, name));
  if (unknown.length === 0) return;
  const errors = Object.fromEntries(unknown.map((name) => [name, says("unknownField", locale)]));
  throw new ProblemError(400, "UNKNOWN_FIELD", says("unknownFields", locale), { errors });
}

/** Collects what is wrong, field by field, first reason first. A map: "toString" and "__proto__" are names like others. */
export class FieldErrors {
  readonly #errors = new Map<string, string>();
  readonly #locale: Locale;

  constructor(locale: Locale) {
    this.#locale = locale;
  }

  add(field: string, message: MessageKey | string): void {
    if (!this.#errors.has(field)) this.#errors.set(field, saysOrKeeps(message, this.#locale));
  }

  throwIfAny(): void {
    if (this.#errors.size > 0)
      throw new ProblemError(422, "INVALID_REQUEST", says("invalid", this.#locale), {
        errors: Object.fromEntries(this.#errors),
      });
  }
}
