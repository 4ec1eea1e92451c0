import type { Field } from "#contracts/field.ts";
import type { StaffSession } from "#contracts/identity.ts";
import { isMasked } from "#contracts/masks.ts";
import type { StaffRole } from "#contracts/names.ts";
import type { CommandDeclaration, Operation, ResourceDeclaration } from "#contracts/resource.ts";

export type Viewer = Pick<StaffSession, "role" | "tenantId">;

/** react-admin's names of what one does to a resource, in the words of the declarations. */
const operationOf: Readonly<Record<string, Operation>> = {
  list: "list",
  show: "read",
  read: "read",
  create: "create",
  edit: "update",
  update: "update",
  delete: "delete",
  export: "export",
};

/** What the server would allow, told beforehand so that nothing is offered that would be refused. The server decides. */
export function mayDo(declaration: ResourceDeclaration, viewer: Viewer, action: string): boolean {
  const operation = operationOf[action];
  if (operation === undefined) return false;
  if (declaration.operatorOnly?.includes(operation) === true && viewer.tenantId !== null) return false;
  return seesRows(declaration, viewer) && (declaration.operations[operation]?.includes(viewer.role) ?? false);
}

export const mayCommand = (command: CommandDeclaration, viewer: Viewer): boolean =>
  command.roles.includes(viewer.role) && (command.operatorOnly !== true || viewer.tenantId === null);

/**
 * A declaration as a viewer is offered it: by fields that he gets masked he may not search, filter or sort. The same object for the same
 * viewer, since pages remember by it.
 */
export function offeredTo(declaration: ResourceDeclaration, { role }: Viewer): ResourceDeclaration {
  const known = offered.get(declaration) ?? new Map<StaffRole, ResourceDeclaration>();
  offered.set(declaration, known);
  const before = known.get(role);
  if (before !== undefined) return before;
  const masks = (field: Field | undefined): boolean => field !== undefined && isMasked(declaration, field, role);
  const fields = Object.fromEntries(
    Object.entries(declaration.fields).map(([name, field]) => [
      name,
      masks(field) ? { ...field, sortable: false, filterable: false } : field,
    ]),
  );
  const search = declaration.search?.filter((name) => !masks(declaration.fields[name])) ?? [];
  const { search: _all, ...rest } = declaration;
  const made: ResourceDeclaration = { ...rest, fields, ...(search.length > 0 ? { search } : {}) };
  known.set(role, made);
  return made;
}

const offered = new WeakMap<ResourceDeclaration, Map<StaffRole, ResourceDeclaration>>();

/** Whether its work queue is for this viewer: he may decide something in it. */
export const mayWork = (declaration: ResourceDeclaration, viewer: Viewer): boolean =>
  declaration.queue !== undefined &&
  mayDo(declaration, viewer, "list") &&
  Object.values(declaration.commands ?? {}).some((command) => command.key !== undefined && mayCommand(command, viewer));

/** A resource that can't be narrowed to the viewer's rows is hidden, unless everyone may read it. */
function seesRows({ scope }: ResourceDeclaration, viewer: Viewer): boolean {
  if (scope.shared === true) return true;
  if (viewer.tenantId !== null && scope.tenantColumn === null) return false;
  return viewer.role !== "agent" || scope.agentLineColumn !== null;
}
