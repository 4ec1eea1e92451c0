import { readdirSync } from "node:fs";
import path from "node:path";
import type { ResourceDeclaration } from "#contracts/resource.ts";

const folder = path.resolve(import.meta.dirname, "../../../server/contracts/resources");
const found: ResourceDeclaration[] = [];
// One after the other: Jest's loader stumbles when two imports share a dependency that is still loading.
for (const file of readdirSync(folder).sort())
  found.push(((await import(path.join(folder, file))) as { default: ResourceDeclaration }).default);

/** The declarations as the server finds them: every file of the folder. */
export const declarations: readonly ResourceDeclaration[] = found;
