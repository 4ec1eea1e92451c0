import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import { assert } from "#core/result.ts";
import type { Resources } from "./model.ts";
import { demand } from "./permissions.ts";
import { notFound } from "./record-id.ts";
import { selectOne } from "./rows.ts";

/** Lets through who may read (or export) that record, for routes that tell more about it; throws the problem that its page would answer. */
export function demandReadable(
  readDb: Knex,
  resources: Resources,
  name: string,
  operation: "read" | "export" = "read",
): (staff: StaffIdentity, id: string) => Promise<void> {
  const resource = resources.get(name);
  assert(resource !== undefined, `there is no resource ${name}`);
  return async (staff, id) => {
    demand(staff, resource, operation);
    if ((await selectOne(readDb, resource, staff, id)) === null) throw notFound(staff);
  };
}
