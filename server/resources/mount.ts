import { type Request, type RequestHandler, Router } from "express";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { Operation } from "#contracts/resource.ts";
import { assert } from "#core/result.ts";
import type { Actor } from "../platform/db/unit-of-work.ts";
import { deepPages } from "./deep-pages.ts";
import { exportRoute, exportSlots } from "./export-route.ts";
import type { Resource } from "./model.ts";
import { demand, demandCommand, masksOf } from "./permissions.ts";
import type { AdminPorts } from "./ports.ts";
import { parseListRequest, tooDeep } from "./query.ts";
import { notFound, recordIdOf } from "./record-id.ts";
import { actorOf, staffOf } from "./request-identity.ts";
import { countRows, selectOne } from "./rows.ts";
import { storyRoute } from "./story-route.ts";
import { toWire } from "./wire.ts";
import { createRecord, deleteRecord, runCommand, updateRecord } from "./write.ts";
import type { Command } from "./writers.ts";

/**
 * The REST routes of every declared resource, as ra-data-simple-rest calls them, below /api/admin. Each operation has a route
 * only where it is declared; a declared writer or command that nobody registered stops the start.
 */
export function adminRoutes(ports: AdminPorts): Router {
  refuseUnregistered(ports);
  const router = Router();
  const exports = exportSlots();
  for (const resource of ports.resources.values()) {
    const { operations, commands = {} } = resource.declaration;
    const path = `/${resource.name}`;
    const guard = ports.requireStaff;
    if (operations.export !== undefined) router.get(`${path}/export.csv`, guard, exportRoute(ports, exports, resource));
    if (operations.list !== undefined) router.get(path, guard, listRoute(ports, resource));
    if (operations.read !== undefined) router.get(`${path}/:id`, guard, readRoute(ports, resource));
    if (operations.create !== undefined) router.post(path, guard, createRoute(ports, resource));
    if (operations.update !== undefined) router.put(`${path}/:id`, guard, updateRoute(ports, resource));
    if (operations.delete !== undefined) router.delete(`${path}/:id`, guard, deleteRoute(ports, resource));
    if (resource.declaration.story === true) router.get(`${path}/:id/story`, guard, storyRoute(ports, resource));
    for (const name of Object.keys(commands))
      router.post(`${path}/:id/commands/${name}`, guard, commandRoute(ports, resource, name));
  }
  return router;
}

function refuseUnregistered({ resources, writers, commands }: AdminPorts): void {
  for (const { name, declaration } of resources.values()) {
    const { writer } = declaration;
    if (writer !== undefined && writers[writer] === undefined)
      throw new Error(`resource ${name} names the writer ${writer}, which is not registered`);
    for (const command of Object.keys(declaration.commands ?? {}))
      if (commands[name]?.[command] === undefined)
        throw new Error(`resource ${name} declares the command ${command}, which is not registered`);
  }
}

function listRoute({ readDb }: AdminPorts, resource: Resource): RequestHandler {
  const pageOf = deepPages();
  return async (request, response) => {
    const staff = staffOf(response);
    demand(staff, resource, "list");
    const masks = masksOf(staff, resource);
    const list = parseListRequest(resource, request.query, { locale: staff.locale, masks });
    const counted = list.byIds ? null : await countRows(readDb, resource, staff, list.conditions);
    const page = { db: readDb, resource, staff, request: list };
    const rows = await pageOf(page, counted ?? { total: 0, estimated: false });
    if (rows === null) throw tooDeep(staff.locale);
    const { total, estimated } = counted ?? { total: rows.length, estimated: false };
    const range = rows.length === 0 ? "*" : `${list.first}-${list.first + rows.length - 1}`;
    response.set({ "Content-Range": `${resource.name} ${range}/${total}`, "X-Total-Count": String(total) });
    if (estimated) response.set("X-Total-Estimated", "true");
    response.set("Cache-Control", "no-store").json(rows.map((row) => toWire(resource, row, masks)));
  };
}

function readRoute({ readDb }: AdminPorts, resource: Resource): RequestHandler {
  return async (request, response) => {
    const staff = staffOf(response);
    demand(staff, resource, "read");
    const row = await selectOne(readDb, resource, staff, recordIdOf(request, resource, staff));
    if (row === null) throw notFound(staff);
    response.set("Cache-Control", "no-store").json(toWire(resource, row, masksOf(staff, resource)));
  };
}

function createRoute(ports: AdminPorts, resource: Resource): RequestHandler {
  return writeRoute(resource, "create", async (staff, actor, request) => ({
    status: 201,
    record: await createRecord(ports, { staff, actor }, resource, {
      body: request.body,
      key: request.get("Idempotency-Key"),
    }),
  }));
}

function updateRoute(ports: AdminPorts, resource: Resource): RequestHandler {
  return writeRoute(resource, "update", async (staff, actor, request) => ({
    status: 200,
    record: await updateRecord(ports, { staff, actor }, resource, {
      id: recordIdOf(request, resource, staff),
      body: request.body,
      ifMatch: request.get("If-Match"),
    }),
  }));
}

function deleteRoute(ports: AdminPorts, resource: Resource): RequestHandler {
  return writeRoute(resource, "delete", async (staff, actor, request) => ({
    status: 200,
    record: await deleteRecord(ports, { staff, actor }, resource, {
      id: recordIdOf(request, resource, staff),
      ifMatch: request.get("If-Match"),
    }),
  }));
}

function commandRoute(ports: AdminPorts, resource: Resource, name: string): RequestHandler {
  const declared = resource.declaration.commands?.[name];
  const run: Command | undefined = ports.commands[resource.name]?.[name];
  assert(declared !== undefined && run !== undefined, `command ${resource.name}.${name} is not registered`);
  return async (request, response) => {
    const staff = staffOf(response);
    demandCommand(staff, declared);
    const id = recordIdOf(request, resource, staff);
    const writing = { staff, actor: actorOf(staff, request, response) };
    const command = { name, body: request.body, key: request.get("Idempotency-Key"), run };
    response.json(await runCommand(ports, writing, resource, { id, command }));
  };
}

function writeRoute(
  resource: Resource,
  operation: Operation,
  run: (staff: StaffIdentity, actor: Actor, request: Request) => Promise<{ status: number; record: object }>,
): RequestHandler {
  return async (request, response) => {
    const staff = staffOf(response);
    demand(staff, resource, operation);
    const { status, record } = await run(staff, actorOf(staff, request, response), request);
    response.status(status).set("Cache-Control", "no-store").json(record);
  };
}
