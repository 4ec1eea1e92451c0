import type { Field, Label } from "./field.ts";
import type { StaffRole } from "./names.ts";

/** Left rail of the back office. */
export type ResourceGroup = "desk" | "risk" | "traders" | "money" | "agents" | "market" | "partners" | "settings";

export type Operation = "list" | "read" | "create" | "update" | "delete" | "export";

/**
 * Which rows a role may see. Staff of a partner see their partner's rows, agents their own subtree's, the operator's own
 * staff all. Each names the column of the source that carries it; null: the resource has no such column and is hidden from
 * the roles it would have to be narrowed for, unless `shared` (market data, configuration everyone may read).
 */
export interface Scope {
  readonly tenantColumn: string | null;
  /** uuid[] column with the agent line of the row's trader or agent. */
  readonly agentLineColumn: string | null;
  readonly shared?: boolean;
}

/** Told once in the answer of a write and stored nowhere: a private key. Both: what it is called, and how to keep it. */
export interface ShownOnce {
  readonly label: Label;
  /** Ending of the file it may be kept in; absent: it is copied only. */
  readonly file?: string;
}

/** Records of a resource whose fields (left) have the values of this record's fields (right). */
export interface Matching {
  readonly resource: string;
  readonly where: Readonly<Record<string, string>>;
}

/** A list on a record's page. `through`: the values are not this record's but those of the records found first. */
export interface ShownList extends Matching {
  readonly through?: Matching;
  /** Of these records those whose choice fields have these values: a list of its own, named after them. */
  readonly only?: Readonly<Record<string, string>>;
}

/** A declared command: POST /api/admin/<resource>/<id>/commands/<name>, run by the capability that registers it. */
export interface CommandDeclaration {
  readonly label: Label;
  /** What it does to the record, said in the side panel before it is done. */
  readonly consequence: Label;
  readonly roles: readonly StaffRole[];
  readonly input: Readonly<Record<string, Field>>;
  readonly danger?: boolean;
  /** Only the operator's own staff may give it. */
  readonly operatorOnly?: boolean;
  /** Offered only while the record's field has one of these values; the capability decides all the same. */
  readonly when?: { readonly field: string; readonly in: readonly string[] };
  /** Given at a place of its own on the record's page, not by a button at its head. */
  readonly inPlace?: true;
  /** The letter that gives it in a work queue. */
  readonly key?: string;
  readonly shownOnce?: Readonly<Record<string, ShownOnce>>;
}

/** A file about one record: GET /api/admin/<resource>/<id>/<path>, a route of its own, for whoever may read the record. */
export interface FileDeclaration {
  readonly path: string;
  readonly label: Label;
  /** Only for whoever may export the resource; else for whoever may read the record. */
  readonly exported?: boolean;
  /** It may be large: the browser takes it from the server straight to the disk. */
  readonly streamed?: boolean;
  /** Offered only while the record's field has one of these values; the route decides all the same. */
  readonly when?: { readonly field: string; readonly in: readonly string[] };
}

/** Records that wait for a person, in this order: a page of their own, with one record whole beside the list, worked by keyboard. */
export interface QueueDeclaration {
  readonly label: Label;
  readonly where: { readonly field: string; readonly in: readonly string[] };
  readonly sort: readonly [field: string, direction: "ASC" | "DESC"];
  /** Fields told in the list, after the record's name. */
  readonly list: readonly string[];
}

export interface ResourceDeclaration {
  /** As in the URL: kebab-case plural. */
  readonly name: string;
  readonly group: ResourceGroup;
  readonly label: Label;
  readonly one: Label;
  /** Table or view that rows are read from. */
  readonly source: string;
  /** Table that create, update and delete lock and write; absent: nothing may be written. */
  readonly table?: string;
  /** Name of the registered writer that replaces plain SQL where it must (passwords, versions, ledger): see resources/writers. */
  readonly writer?: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly operations: Readonly<Partial<Record<Operation, readonly StaffRole[]>>>;
  readonly scope: Scope;
  /** Operations that only the operator's own staff may do, whatever the role: staff of a partner get 403. */
  readonly operatorOnly?: readonly Operation[];
  /** Field that names a record on screen, or several that do together. */
  readonly recordName: string | readonly string[];
  /** Default order; the id is always appended. */
  readonly sort: readonly [field: string, direction: "ASC" | "DESC"];
  /** Columns shown at first; the column chooser offers the rest. */
  readonly list: readonly string[];
  /** Filters offered above the table, as sent: a field, or a field with an operator ("acceptedAt_gte"). */
  readonly filters?: readonly string[];
  /** Fields that the search box `q` looks into. */
  readonly search?: readonly string[];
  /** Columns of the CSV file, in order; absent: every readable field except json. */
  readonly csv?: readonly string[];
  /** Fields of the form, in order; absent: every writable one. */
  readonly form?: readonly string[];
  /** Database constraints by name: the field at fault and what to tell the person. Others are told from their name. */
  readonly constraints?: Readonly<Record<string, { readonly field: string; readonly says: Label }>>;
  /** Roles that see personal fields unmasked, where the field says no others; absent: none does. */
  readonly reveals?: readonly StaffRole[];
  readonly commands?: Readonly<Record<string, CommandDeclaration>>;
  /** What a create tells once. */
  readonly shownOnce?: Readonly<Record<string, ShownOnce>>;
  /** Lists on the page of a record, in order. Other resources that refer to it are offered as links. */
  readonly shows?: readonly ShownList[];
  /** Its work queue. */
  readonly queue?: QueueDeclaration;
  /** Files offered on the page of a record. */
  readonly files?: readonly FileDeclaration[];
  /** Files that people add to a record: these roles may, while the record's field has one of these values; its readers see them. */
  readonly attachments?: {
    readonly roles: readonly StaffRole[];
    readonly when?: { readonly field: string; readonly in: readonly string[] };
  };
  /** Whether its pages tell what happened to a record, step by step: a reader of that name is registered. */
  readonly story?: boolean;
  /** Field with the number of the fill whose waterfall its page tells: who gets what of the fee. */
  readonly waterfall?: string;
  /** Editing is offered only while the record's field has one of these values; the writer decides all the same. */
  readonly updateWhen?: { readonly field: string; readonly in: readonly string[] };
  /** While the field has one of these values the server works on the record: its page looks again by itself. */
  readonly underWay?: { readonly field: string; readonly in: readonly string[] };
  /** Field for optimistic locking; when present an update must carry it. */
  readonly version?: string;
}

/** Declares a resource; everything else is derived from this object. */
export function defineResource<const Declaration extends ResourceDeclaration>(declaration: Declaration): Declaration {
  return declaration;
}
