import { type RequestHandler, type Response, Router } from "express";
import { attachmentQuery, type WireAttachment } from "#contracts/attachments-api.ts";
import {
  type AttachmentRow,
  addAttachment,
  listAttachments,
  readAttachment,
} from "../capabilities/attachments/index.ts";
import { fileBody, fileIn, refuseOtherFiles } from "../platform/http/file-body.ts";
import { ProblemError, parseRequest } from "../platform/http/problem.ts";
import { lockRecord } from "./known-record.ts";
import { says } from "./messages.ts";
import type { Resource } from "./model.ts";
import { demand, demandRole } from "./permissions.ts";
import type { AdminPorts } from "./ports.ts";
import { notFound, recordIdOf } from "./record-id.ts";
import { actorOf, staffOf } from "./request-identity.ts";
import { selectOne } from "./rows.ts";

type Ports = Pick<AdminPorts, "resources" | "readDb" | "transact" | "requireStaff" | "publishChanged">;

/**
 * Files of records whose resource is declared with attachments, below /api/admin: seen by whoever may read the record, added by the
 * roles declared. Mounted before bodies are taken for JSON: a file's body is the file.
 */
export function attachmentRoutes(ports: Ports): Router {
  const router = Router();
  for (const resource of ports.resources.values()) {
    if (resource.declaration.attachments === undefined) continue;
    const path = `/${resource.name}/:id/attachments`;
    router.get(path, ports.requireStaff, listRoute(ports, resource));
    router.get(`${path}/:file`, ports.requireStaff, readRoute(ports, resource));
    router.post(path, ports.requireStaff, mayAdd(resource), refuseOther, body, addRoute(ports, resource));
  }
  return router;
}

/** Refused before the body is read. */
const mayAdd =
  (resource: Resource): RequestHandler =>
  (request, response, next) => {
    const staff = staffOf(response);
    demand(staff, resource, "read");
    demandRole(staff, resource.declaration.attachments?.roles ?? []);
    recordIdOf(request, resource, staff);
    parseRequest(attachmentQuery, request.query);
    next();
  };

const inOwnWords: Parameters<typeof fileBody>[0] = (code, response) => says(code, staffOf(response).locale);
const [refuseOther, body] = [refuseOtherFiles(inOwnWords), fileBody(inOwnWords)];

async function demandRecord({ readDb }: Ports, resource: Resource, response: Response, id: string): Promise<void> {
  const staff = staffOf(response);
  demand(staff, resource, "read");
  if ((await selectOne(readDb, resource, staff, id)) === null) throw notFound(staff);
}

function listRoute(ports: Ports, resource: Resource): RequestHandler {
  return async (request, response) => {
    const id = recordIdOf(request, resource, staffOf(response));
    await demandRecord(ports, resource, response, id);
    const rows = await listAttachments(ports.readDb, { resource: resource.name, objectId: id });
    response.json({ attachments: rows.map(toWire) });
  };
}

function readRoute(ports: Ports, resource: Resource): RequestHandler {
  return async (request, response) => {
    const staff = staffOf(response);
    const id = recordIdOf(request, resource, staff);
    await demandRecord(ports, resource, response, id);
    const file = String(request.params.file);
    const found = isId(file)
      ? await readAttachment(ports.readDb, { resource: resource.name, objectId: id }, file)
      : null;
    if (found === null) throw notFound(staff);
    // Always saved, never shown in our origin: whoever made the file is not trusted.
    response.attachment(found.name);
    response.set({ "Content-Type": found.media_type, "X-Content-Type-Options": "nosniff" }).send(found.bytes);
  };
}

function addRoute(ports: Ports, resource: Resource): RequestHandler {
  return async (request, response) => {
    const staff = staffOf(response);
    const objectId = recordIdOf(request, resource, staff);
    const { name } = parseRequest(attachmentQuery, request.query);
    const bytes = fileIn(request);
    const actor = actorOf(staff, request, response);
    const added = await ports.transact(actor, async (work) => {
      const { bare, tenantId } = await lockRecord(work.db, resource, staff, objectId);
      const when = resource.declaration.attachments?.when;
      if (when !== undefined && !when.in.includes(String(bare[when.field])))
        throw new ProblemError(409, "NOT_IN_THIS_STATE", says("filesClosed", staff.locale));
      const about = { resource: resource.name, objectId, tenantId };
      work.afterCommit(() => ports.publishChanged(resource.name, objectId));
      return addAttachment(work, actor, about, { name, bytes });
    });
    if (!added.ok) throw new ProblemError(422, added.refusal, says(added.refusal, staff.locale));
    response.status(201).json({ attachment: toWire(added.value) });
  };
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const toWire = ({ media_type, sha256, added_by, added_at, ...row }: AttachmentRow): WireAttachment => ({
  ...{ id: row.id, name: row.name, mediaType: media_type, size: row.size, sha256: sha256.toString("hex") },
  ...{ addedBy: added_by, addedAt: added_at.toISOString() },
});
