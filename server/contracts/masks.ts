import type { Field } from "./field.ts";
import type { StaffRole } from "./names.ts";
import type { ResourceDeclaration } from "./resource.ts";

/** Whether a role gets a field of a resource masked. By what he gets masked he can't search, filter or sort: it would tell him what it is. */
export function isMasked(
  { reveals = [] }: Pick<ResourceDeclaration, "reveals">,
  spec: Field,
  role: StaffRole,
): boolean {
  return spec.personal === true && !(spec.revealedTo ?? reveals).includes(role);
}
