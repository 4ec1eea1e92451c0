import type { RequestHandler } from "express";
import type { Knex } from "knex";
import type { StoryEntry } from "#contracts/story.ts";
import type { WriteDeps } from "./write.ts";
import type { Commands } from "./writers.ts";

/** What the back office's routes need from outside. */
export interface AdminPorts extends WriteDeps {
  /** For lists, single rows and exports: a pool of its own, so that reading holds up no command. */
  readonly readDb: Knex;
  /** Puts the StaffIdentity on res.locals.staff, or refuses with 401. */
  readonly requireStaff: RequestHandler;
  readonly commands: Commands;
  /** Tells what happened to a record, for resources declared with a story. The caller has checked that it may be seen. */
  readonly stories: Readonly<Record<string, (id: string) => Promise<readonly StoryEntry[]>>>;
}
