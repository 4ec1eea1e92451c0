import type { RequestHandler } from "express";
import type { Knex } from "knex";
import type { WriteDeps } from "./write.ts";
import type { Commands } from "./writers.ts";

/** What the back office's routes need from outside. */
export interface AdminPorts extends WriteDeps {
  /** For lists and single rows. */
  readonly readDb: Knex;
  /** For exports: a pool of its own with patient statements, so that a file being written holds up no screen. */
  readonly exportDb: Knex;
  /** Puts the StaffIdentity on res.locals.staff, or refuses with 401. */
  readonly requireStaff: RequestHandler;
  readonly commands: Commands;
}
