import type { Transact, Work } from "../platform/db/unit-of-work.ts";

/**
 * A `transact` that joins the engine's transaction: a capability's command run with it commits or rolls back with the rest of
 * the request. `reason` is added to the audit entries that it writes.
 */
export const joined =
  (work: Work, reason?: string): Transact =>
  (_actor, run) =>
    run(reason === undefined ? work : { ...work, audit: (entry) => work.audit({ ...entry, reason }) });
