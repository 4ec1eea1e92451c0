import type { Knex } from "knex";
import type { Transact } from "../../platform/db/unit-of-work.ts";

/** What the runs of this capability need from outside. */
export interface CommissionDeps {
  /** For reading what a run works on; each page is written in a transaction of its own. */
  readonly db: Knex;
  readonly transact: Transact;
}
