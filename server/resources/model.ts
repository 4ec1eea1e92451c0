import type { Field } from "#contracts/field.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";

/** A field with what the engine derived from it. */
export interface Column {
  readonly field: string;
  readonly spec: Field;
  /** Of the source, in snake_case. */
  readonly name: string;
  readonly readable: boolean;
  readonly sortable: boolean;
  readonly filterable: boolean;
}

/** A declaration, compiled once at start. */
export interface Resource {
  readonly name: string;
  readonly declaration: ResourceDeclaration;
  readonly columns: ReadonlyMap<string, Column>;
  /** What is selected and shown: everything but secrets. */
  readonly readable: readonly Column[];
  readonly id: Column;
}

export type Resources = ReadonlyMap<string, Resource>;

const unsortedKinds: readonly string[] = ["json", "texts", "secret"];

export function compileResource(declaration: ResourceDeclaration): Resource {
  const columns = new Map(
    Object.entries(declaration.fields).map(([field, spec]) => [field, compileColumn(field, spec)] as const),
  );
  const id = columns.get("id");
  if (id === undefined) throw new Error(`resource ${declaration.name} declares no field "id"`);
  const readable = [...columns.values()].filter((column) => column.readable);
  return { name: declaration.name, declaration, columns, readable, id };
}

function compileColumn(field: string, spec: Field): Column {
  const sortable = spec.sortable ?? !unsortedKinds.includes(spec.kind);
  return {
    field,
    spec,
    name: spec.column ?? snakeCase(field),
    readable: spec.kind !== "secret",
    sortable,
    filterable: spec.kind === "secret" ? false : (spec.filterable ?? sortable),
  };
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
