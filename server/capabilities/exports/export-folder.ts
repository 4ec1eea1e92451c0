import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Writable } from "node:stream";
import type { Attempt } from "./exports.store.ts";

export type ExportFile = "csv" | "xlsx" | "json";

/**
 * Where the files lie. Each try has names of its own, so that one that was given up never writes into the next one's; which of them
 * is whole, the export's row says.
 */
export interface ExportFolder {
  readonly path: string;
  readonly nameOf: (attempt: Attempt, file: ExportFile) => string;
  readonly open: (attempt: Attempt) => Promise<Writable>;
  readonly writeSheet: (attempt: Attempt, file: Buffer) => Promise<void>;
  readonly writeManifest: (attempt: Attempt, text: string) => Promise<void>;
  /** Removes what lies there for an export; with `but`, for all other tries; with `only`, for that one. */
  readonly remove: (id: string, which?: { readonly but: number } | { readonly only: number }) => Promise<void>;
  /** Ids that anything lies here for. */
  readonly ids: () => Promise<readonly string[]>;
}

/** Private to this user: the books of a partner are in it. */
const privateFile = 0o600;
const privateFolder = 0o700;
const uuidChars = 36;
const fileName = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(\d+)\.(csv|xlsx|json)$/;

export function exportFolder(folder: string): ExportFolder {
  const at = (name: string): string => path.join(folder, name);
  const nameOf = ({ id, attempts }: Attempt, file: ExportFile): string => `${id}.${attempts}.${file}`;
  const names = async (): Promise<readonly string[]> => {
    await mkdir(folder, { recursive: true, mode: privateFolder });
    return (await readdir(folder)).filter((name) => fileName.test(name));
  };
  return {
    path: folder,
    nameOf,
    open: async (attempt) => {
      await mkdir(folder, { recursive: true, mode: privateFolder });
      return createWriteStream(at(nameOf(attempt, "csv")), { mode: privateFile, flush: true });
    },
    writeSheet: async (attempt, file) => {
      await mkdir(folder, { recursive: true, mode: privateFolder });
      await writeFile(at(nameOf(attempt, "xlsx")), file, { mode: privateFile, flush: true });
    },
    writeManifest: (attempt, text) => writeFile(at(nameOf(attempt, "json")), text, { mode: privateFile, flush: true }),
    remove: async (id, which) => {
      for (const name of await names()) {
        const attempt = Number(name.split(".")[1]);
        const isMeant = which === undefined || ("only" in which ? attempt === which.only : attempt !== which.but);
        if (name.startsWith(id) && isMeant) await rm(at(name), { force: true });
      }
    },
    ids: async () => [...new Set((await names()).map((name) => name.slice(0, uuidChars)))],
  };
}
