/**
 * The kinds of field a resource is declared with. From a field come its column, its validation, its filters, its CSV
 * type, its OpenAPI schema and its place in the back office's lists, pages and forms.
 */

import type { StaffRole } from "./names.ts";

/** A text of the screen in both languages: [English, Simplified Chinese]. */
export type Label = readonly [en: string, zh: string];

interface FieldBase {
  readonly label: Label;
  /** Head of its column, where the label is long. */
  readonly head?: Label;
  /** A sentence of help under the input; units and consequences, not the label again. */
  readonly help?: Label;
  /** Column of the source; default: the field's name in snake_case. */
  readonly column?: string;
  /** Must be given on create. */
  readonly required?: boolean;
  /** May be null. */
  readonly nullable?: boolean;
  /** Given on create, never changed afterwards. */
  readonly createOnly?: boolean;
  /** Kept by the system: shown, never accepted. */
  readonly readOnly?: boolean;
  /**
   * The form asks for it, and insists, only while another field has one of these values; otherwise it is not offered and not
   * sent. The server decides all the same.
   */
  readonly neededWhen?: { readonly field: string; readonly in: readonly string[] };
  /** What a new record's form begins with. */
  readonly initial?: string | number | boolean;
  /** Personal data: masked for roles that are not named in `revealedTo` (see masks.ts). */
  readonly personal?: boolean;
  /** Absent: the resource's `reveals`. */
  readonly revealedTo?: readonly StaffRole[];
  /** May be sorted by (indexed or small). Default true except for json and texts. */
  readonly sortable?: boolean;
  /** May be filtered by. Default as sortable. */
  readonly filterable?: boolean;
}

export interface IdField extends FieldBase {
  readonly kind: "id";
  readonly shape: "uuid" | "integer" | "bigint" | "text";
  readonly pattern?: string;
}
export interface TextField extends FieldBase {
  readonly kind: "text";
  readonly maxLength: number;
  readonly pattern?: string;
  /** An IANA name that this server's calendar data knows. */
  readonly format?: "time-zone";
  readonly multiline?: boolean;
  /** A code that the screen has words for (of the audit log, of a ledger account), or the id of the record it is about. */
  readonly names?: "resource" | "action" | "object" | "ledger-kind";
}
export interface EmailField extends FieldBase {
  readonly kind: "email";
}
/** Written, never read back: a new password. */
export interface SecretField extends FieldBase {
  readonly kind: "secret";
  readonly minLength: number;
  readonly maxLength: number;
}
export interface ChoiceField extends FieldBase {
  readonly kind: "choice";
  readonly options: readonly string[];
  readonly optionLabels: Readonly<Record<string, Label>>;
}
/**
 * Money in major units: a numeric column with exactly the currency's digits (to_major), a decimal string on the wire.
 * `currency` names the sibling field that holds the currency's code. Never written by plain SQL: a writer does it.
 */
export interface MoneyField extends FieldBase {
  readonly kind: "money";
  readonly currency: string;
  readonly signed: boolean;
}
/** An exact decimal (numeric column), a string on the wire: tick sizes, prices in major units. At most `scale` digits. */
export interface DecimalField extends FieldBase {
  readonly kind: "decimal";
  readonly scale: number;
  /** Least value, itself allowed. */
  readonly min?: string;
}
export interface IntegerField extends FieldBase {
  readonly kind: "integer";
  readonly min: number;
  readonly max: number;
}
/** A whole number of lots (bigint column), a string on the wire. */
export interface LotsField extends FieldBase {
  readonly kind: "lots";
  /** Least value; absent: any, negative too (a short position). */
  readonly min?: string;
}
export interface BooleanField extends FieldBase {
  readonly kind: "boolean";
}
export interface TimeField extends FieldBase {
  readonly kind: "time";
}
export interface DateField extends FieldBase {
  readonly kind: "date";
}
/** A local time of day, "HH:MM". */
export interface ClockField extends FieldBase {
  readonly kind: "clock";
}
/** The id of a row of another resource. */
export interface RefField extends FieldBase {
  readonly kind: "ref";
  readonly to: string;
  readonly shape: "uuid" | "integer" | "bigint" | "text";
  /** Only rows with these values are offered to choose from. */
  readonly offers?: Readonly<Record<string, string>>;
}
/** A list of short texts (text[] column). */
export interface TextsField extends FieldBase {
  readonly kind: "texts";
  readonly maxItems: number;
  readonly maxLength: number;
  readonly pattern?: string;
}
/** A jsonb column checked by the named schema of contracts/json-schemas.ts. */
export interface JsonField extends FieldBase {
  readonly kind: "json";
  readonly schema: string;
  /** Of a record's image: the resource whose fields it has. Absent: that which the record names. */
  readonly of?: string;
}

export type Field =
  | IdField
  | TextField
  | EmailField
  | SecretField
  | ChoiceField
  | MoneyField
  | DecimalField
  | IntegerField
  | LotsField
  | BooleanField
  | TimeField
  | DateField
  | ClockField
  | RefField
  | TextsField
  | JsonField;
export type FieldKind = Field["kind"];
