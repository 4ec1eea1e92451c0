import path from "node:path";
import type { RequestHandler, Router } from "express";
import {
  cancelExport,
  type ExportFolder,
  endingOf,
  exportFolder,
  fileNameOf,
  makeExports,
  readyExport,
  scheduleExports,
  sweepExports,
  worksheetRowsMax,
} from "../capabilities/exports/index.ts";
import type { Config } from "../config.ts";
import { exportRoutes, type ServedKind } from "../platform/http/export-routes.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { linkKey, signedLinks } from "../platform/security/signed-link.ts";
import { spareCpu } from "../platform/spare-cpu.ts";
import { writeWorksheet } from "../platform/worksheet.ts";
import { actorOf, type Commands, demandReadable, type Resources } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";
import type { Shared } from "./shared.ts";

const linkLastsMs = 5 * 60_000;
const lookMs = 1_000;
const scheduleMs = 30_000;
const sweepMs = 3_600_000;

const folderOf = (config: Pick<Config, "dataDir">): ExportFolder => exportFolder(path.join(config.dataDir, "exports"));

type ExportShared = Pick<Shared, "readDb" | "transact" | "clock"> & { readonly config: Pick<Config, "dataDir"> };

/** Downloads: who may read the export gets a link to its file, and the audit log says so. */
export function openExports(shared: ExportShared, resources: Resources, requireStaff: RequestHandler): Router {
  const { readDb, transact, clock, config } = shared;
  const folder = folderOf(config);
  const links = signedLinks(linkKey(path.join(config.dataDir, "exports", "link.key")), () => clock.now().getTime());
  const demand = demandReadable(readDb, resources, "exports");
  return exportRoutes({
    requireStaff,
    permit: async (staff, { id, kind }, request, response) => {
      await demand(staff, id);
      const ready = await readyExport(readDb, id);
      if (ready === null) throw new ProblemError(409, "NOT_READY", "There is no file of this export now.");
      await transact(actorOf(staff, request, response), async ({ audit }) =>
        audit({
          ...{ action: "export", resource: "exports", objectId: id, tenantId: ready.tenant_id },
          after: { file: kind, sha256: ready.sha256 },
        }),
      );
      return links.sign(`${kind} ${id}`, linkLastsMs);
    },
    find: async (token) => {
      const [kind, id] = (links.read(token)?.split(" ") ?? []) as [ServedKind?, string?];
      const ready = id === undefined ? null : await readyExport(readDb, id);
      if (ready === null) return null;
      const savedAs = fileNameOf(ready, ready.partner);
      return kind === "manifest"
        ? { folder: folder.path, name: folder.nameOf(ready, "json"), savedAs: `${savedAs}.manifest.json` }
        : { folder: folder.path, name: folder.nameOf(ready, endingOf(ready)), savedAs };
    },
  });
}

export const exportCommands: NonNullable<Commands[string]> = {
  cancel: async (work, _actor, { id }) => {
    const cancelled = await cancelExport(work, id);
    return cancelled.ok ? cancelled : refusedAt(cancelled.refusal.code);
  },
};

/** The scheduler's part: makes the files that were asked for, and removes the old ones. */
export function startExports({ db, readDb, transact, clock, config, bus, log }: Shared): Repetition[] {
  const folder = folderOf(config);
  const spare = spareCpu();
  const failed = (error: unknown, id?: string): void => log.error({ err: error, exportId: id }, "an export failed");
  const announceChanged = (id: string): void => bus.publish({ kind: "changed", resource: "exports", id });
  const made = { writeWorksheet, worksheetRowsMax, announceChanged, onError: failed };
  const ports = { db, readDb, clock, spare, folder, ...made };
  return [
    repeat(lookMs, async () => {
      await makeExports(ports).catch(failed);
    }),
    repeat(scheduleMs, async () => {
      await scheduleExports({ transact }).catch(failed);
    }),
    repeat(sweepMs, async () => {
      await sweepExports({ db, folder }).catch(failed);
    }),
  ];
}
