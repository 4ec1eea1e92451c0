import type { Field } from "#contracts/field.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";

export type NamedField = readonly [name: string, field: Field];

/** Fields that a form sends, in the declared order. What is given on create only is left out of an edit. */
export function formFields(declaration: ResourceDeclaration, mode: "create" | "edit"): readonly NamedField[] {
  const names = declaration.form ?? Object.keys(declaration.fields);
  return names.flatMap((name): NamedField[] => {
    const field = declaration.fields[name];
    if (field === undefined || field.readOnly === true) return [];
    return mode === "edit" && field.createOnly === true ? [] : [[name, field]];
  });
}

/** Whether the form asks for it, as it is filled in now. */
export const isAsked = ({ neededWhen }: Field, filled: Readonly<Record<string, unknown>>): boolean =>
  neededWhen === undefined || neededWhen.in.includes(String(filled[neededWhen.field]));

/** Fields with a column in a table: all but secrets and documents; the declared ones first. */
export function columnFields(declaration: ResourceDeclaration): readonly NamedField[] {
  const rest = Object.keys(declaration.fields).filter((name) => !declaration.list.includes(name));
  return [...declaration.list, ...rest].flatMap((name): NamedField[] => {
    const field = declaration.fields[name];
    return field === undefined || field.kind === "secret" || field.kind === "json" ? [] : [[name, field]];
  });
}

/** Fields that a page about one record shows. */
export const shownFields = (declaration: ResourceDeclaration): readonly NamedField[] =>
  Object.entries(declaration.fields).filter(([, field]) => field.kind !== "secret");

export const isFigure = (field: Field): boolean =>
  field.kind === "money" || field.kind === "decimal" || field.kind === "integer" || field.kind === "lots";

export const isSortable = (field: Field): boolean =>
  field.sortable ?? (field.kind !== "json" && field.kind !== "texts");

export const isFilterable = (field: Field): boolean => field.filterable ?? isSortable(field);
