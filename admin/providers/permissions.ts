import type { StaffSession } from "#contracts/identity.ts";
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
