import type { Field } from "#contracts/field.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { isMasked } from "#contracts/masks.ts";
import type { StaffRole } from "#contracts/names.ts";
import type { CommandDeclaration, Operation } from "#contracts/resource.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { says } from "./messages.ts";
import type { Resource } from "./model.ts";

/** Whether the declaration lets this person do the operation at all; which rows, the scope decides. */
export function may(staff: StaffIdentity, resource: Resource, operation: Operation): boolean {
  const { operations, operatorOnly } = resource.declaration;
  if (!operations[operation]?.includes(staff.role)) return false;
  return staff.tenantId === null || !operatorOnly?.includes(operation);
}

/** Refuses with 403. (An operation that is not declared has no route and is 404.) */
export function demand(staff: StaffIdentity, resource: Resource, operation: Operation): void {
  if (!may(staff, resource, operation)) throw forbidden(staff);
}

/** The same for a command. */
export function demandCommand(staff: StaffIdentity, command: CommandDeclaration): void {
  const isOperators = staff.tenantId === null;
  if (!command.roles.includes(staff.role) || (command.operatorOnly === true && !isOperators)) throw forbidden(staff);
}

/** Refuses with 403 who has none of the roles. */
export function demandRole(staff: StaffIdentity, roles: readonly StaffRole[]): void {
  if (!roles.includes(staff.role)) throw forbidden(staff);
}

/** Whether a field is shown masked. */
export type Masks = (spec: Field) => boolean;

/** The fields of a resource that this person gets masked, and by which he finds nothing. */
export const masksOf =
  ({ role }: StaffIdentity, { declaration }: Pick<Resource, "declaration">): Masks =>
  (spec) =>
    isMasked(declaration, spec, role);

/** Your role may not do this: 403. */
export const forbidden = (staff: StaffIdentity): ProblemError =>
  new ProblemError(403, "FORBIDDEN", says("forbidden", staff.locale));
