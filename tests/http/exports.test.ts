import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RequestHandler } from "express";
import { pino } from "pino";
import request from "supertest";
import type { StaffIdentity } from "#contracts/identity.ts";
import { exportFolder, makeExports, requestExport, worksheetRowsMax } from "../../server/capabilities/exports/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { writeWorksheet } from "../../server/platform/worksheet.ts";
import { loadResources } from "../../server/resources/index.ts";
import { openExports } from "../../server/roles/exports.ts";
import { aStaff, makeWorld, type World } from "../resources/support/world.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { noWait } from "../support/no-wait.ts";

const dataDir = mkdtempSync(path.join(os.tmpdir(), "truewick-export-links-"));
let database: TestDatabase;
let world: World;
let app: ReturnType<typeof createApp>;
let staff: StaffIdentity;
let nowMs = Date.parse("2026-11-23T12:00:00Z");
let id: string;

beforeAll(async () => {
  database = await testDatabase();
  world = await makeWorld(database.app, async () => "");
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.staff = staff;
    next();
  };
  const shared = {
    ...{ readDb: database.reads, transact: transactor(database.app), config: { dataDir } },
    clock: { ...systemClock, now: () => new Date(nowMs) },
  };
  app = createApp({
    ...{ log: pino({ level: "silent" }), metrics: createMetrics(), allowedOrigin: () => false, trustProxyHops: 0 },
    routers: [{ path: "/api/admin", router: openExports(shared, await loadResources(), loggedIn) }],
  });
  staff = aStaff("finance");
  id = await ask();
});
afterAll(async () => {
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask(): Promise<string> {
  const actor = { ...systemActor, kind: "staff" as const, id: staff.staffId, name: "Fin" };
  const asked = await transactor(database.app)(actor, (work) =>
    requestExport(work, actor, {
      ...{ report: "ledger", tenantId: world.alpha.id, book: "live", fromDate: "2026-06-01", toDate: "2027-05-31" },
      ...{ profile: "excel", separator: "comma", timeZone: "UTC" },
    }),
  );
  if (!asked.ok) throw new Error(asked.refusal.code);
  return asked.value.id;
}

const make = (): Promise<number> =>
  makeExports({
    ...{ db: database.app, readDb: database.reads, clock: systemClock, spare: noWait },
    ...{ writeWorksheet, worksheetRowsMax },
    folder: exportFolder(path.join(dataDir, "exports")),
    announceChanged: () => {},
    onError: (error) => {
      throw error;
    },
  });

const linkTo = (kind: string, of = id) => request(app).get(`/api/admin/exports/${of}/${kind}`);

test("there is nothing to download until it is made", async () => {
  expect((await linkTo("file")).body).toMatchObject({ status: 409, code: "NOT_READY" });
  expect(await make()).toBeGreaterThan(0);
  expect((await linkTo("file")).status).toBe(303);
});

test("a link needs no login, gives the whole file or a part of it, and the audit log says who had it", async () => {
  const { headers } = await linkTo("file");
  const link = headers.location ?? "";
  staff = aStaff("support");
  const whole = await request(app).get(link).buffer(true);
  staff = aStaff("finance");
  expect(whole.status).toBe(200);
  expect(whole.get("Content-Disposition")).toMatch(
    /^attachment; filename="ledger_alpha_live_20260601-20270531_UTC_[0-9a-f]{8}\.csv"$/,
  );
  const row = await database.app("exports").where({ id }).first();
  const bytes = Buffer.from(whole.text, "utf8");
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(row.sha256);
  const part = await request(app).get(link).set("Range", "bytes=3-17").buffer(true);
  expect([part.status, part.text, part.get("Content-Range")]).toEqual([
    206,
    bytes.subarray(3, 18).toString(),
    `bytes 3-17/${row.bytes}`,
  ]);
  const audit = await database.owner("audit_log").where({ resource: "exports", object_id: id, action: "export" });
  expect(audit.at(-1)).toMatchObject({ actor_name: "The finance", after: { file: "file", sha256: row.sha256 } });
  const manifest = await request(app).get((await linkTo("manifest")).headers.location ?? "");
  expect(JSON.parse(manifest.text).file).toMatchObject({ sha256: row.sha256, bytes: row.bytes });
});

test("a link that is over, changed or made up leads nowhere", async () => {
  const { headers } = await linkTo("file");
  const link = headers.location ?? "";
  expect((await request(app).get(link)).status).toBe(200);
  const [, token = ""] = /export-files\/(.*)/.exec(link) ?? [];
  const [payload = "", mac = ""] = token.split(".");
  const other = Buffer.from(JSON.stringify([`file ${id}`, 9e15])).toString("base64url");
  for (const forged of [
    `${other}.${mac}`,
    `${payload}.${mac.slice(0, -2)}AA`,
    `${payload}.`,
    payload,
    `${token}.x`,
    "..",
    "%2e%2e",
  ])
    expect([forged, (await request(app).get(`/api/admin/export-files/${forged}`)).status]).toEqual([forged, 404]);
  nowMs += 5 * 60_000;
  expect((await request(app).get(link)).body).toMatchObject({ status: 404, code: "LINK_OVER" });
});

test("only who may read the export gets a link, and only while it is kept", async () => {
  const { alpha, beta } = world;
  for (const [who, status] of [
    [aStaff("finance", { tenantId: alpha.id }), 303],
    [aStaff("admin"), 303],
    [aStaff("finance", { tenantId: beta.id }), 404],
    [aStaff("risk"), 403],
    [aStaff("support"), 403],
    [aStaff("agent", { tenantId: alpha.id, agentId: alpha.agents[0] }), 403],
  ] as const) {
    staff = who;
    expect([who.role, (await linkTo("file")).status]).toEqual([who.role, status]);
  }
  staff = aStaff("finance");
  const { headers } = await linkTo("file");
  await database.owner("exports").where({ id }).update({ expires_at: "2020-01-01" });
  expect((await linkTo("file")).status).toBe(409);
  expect((await request(app).get(headers.location ?? "")).status).toBe(404);
});
