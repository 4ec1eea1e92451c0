import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import simpleRestProvider from "ra-data-simple-rest";
import { fetchUtils } from "react-admin";
import type { StaffIdentity } from "#contracts/identity.ts";
import { refuse } from "#core/result.ts";
import type { AccountsDeps } from "../../../server/capabilities/accounts/index.ts";
import { type IdentityDeps, identity } from "../../../server/capabilities/identity/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { createApp } from "../../../server/platform/http/app.ts";
import { requireStaff } from "../../../server/platform/http/require.ts";
import { closeServer, createHttpServer, listen } from "../../../server/platform/http/server.ts";
import { createMetrics } from "../../../server/platform/metrics.ts";
import type { Announcement } from "../../../server/platform/realtime/announcement.ts";
import { argon2Passwords } from "../../../server/platform/security/passwords.ts";
import {
  type AdminPorts,
  adminRoutes,
  attachmentRoutes,
  checkSchema,
  loadResources,
  type Resources,
} from "../../../server/resources/index.ts";
import { backOfficeStories, backOfficeWriters } from "../../../server/roles/back-office.ts";
import { backOfficeCommands } from "../../../server/roles/back-office-commands.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { makeAccountStatements } from "./money-rows.ts";
import { makeWorld, type World } from "./world.ts";

export interface Desk {
  readonly database: TestDatabase;
  readonly resources: Resources;
  readonly world: World;
  readonly url: string;
  /** What was announced after commits, newest last. */
  readonly announced: Announcement[];
  /** A token under which this person is logged in. */
  readonly login: (staff: StaffIdentity) => string;
  /** The data provider of the back office, as this person. */
  readonly provider: (staff: StaffIdentity) => ReturnType<typeof simpleRestProvider>;
  /** A plain request as this person. */
  readonly request: (staff: StaffIdentity, path: string, init?: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/** The real routes over a real database on a free port; only who is logged in is told by the test. */
export async function openDesk(): Promise<Desk> {
  const database = await testDatabase();
  const passwords = argon2Passwords();
  const world = await makeWorld(database.app, passwords.hash);
  await makeAccountStatements(database.owner);
  const resources = await loadResources();
  await checkSchema(database.app, resources);
  const logged = new Map<string, StaffIdentity>();
  const announced: Announcement[] = [];
  const publish = (announcement: Announcement): void => void announced.push(announcement);
  const transact = transactor(database.app);
  const accountsDeps: AccountsDeps = { transact, announce: publish, hashPassword: passwords.hash };
  const identityDeps: IdentityDeps = {
    db: database.app,
    transact,
    clock: systemClock,
    announce: publish,
    passwords,
    totpStep: () => null,
    partnerTokens: { keyIdOf: () => null, read: async () => null },
    audiences: [],
    registerPartnerTrader: async () => refuse("UNKNOWN_PARTNER"),
  };
  const capabilities = {
    accountsDeps,
    bus: { publish },
    quotes: { latestTradable: () => undefined },
    payments: { chains: [] },
    readDb: database.reads,
    identityWithin: (within: typeof transact) => identity({ ...identityDeps, transact: within }),
  };
  const ports: AdminPorts = {
    resources,
    readDb: database.reads,
    transact,
    requireStaff: requireStaff({ staffOf: async (token) => logged.get(token) ?? null }),
    writers: backOfficeWriters(capabilities),
    commands: backOfficeCommands(capabilities),
    stories: backOfficeStories(database.app),
    publishChanged: (resource, id) => publish({ kind: "changed", resource, id }),
  };
  const app = createApp({
    log: pino({ enabled: false }),
    metrics: createMetrics(),
    allowedOrigin: () => false,
    trustProxyHops: 0,
    uploads: [{ path: "/api/admin", router: attachmentRoutes(ports) }],
    routers: [{ path: "/api/admin", router: adminRoutes(ports) }],
  });
  const server = createHttpServer(app);
  await listen(server, "127.0.0.1", 0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/admin`;
  const login = (staff: StaffIdentity): string => {
    const token = randomBytes(24).toString("hex");
    logged.set(token, staff);
    return token;
  };
  return {
    database,
    resources,
    world,
    url,
    announced,
    login,
    provider: (staff) => {
      const authorization = `Bearer ${login(staff)}`;
      return simpleRestProvider(url, (address, options = {}) => {
        const headers = new Headers(options.headers);
        headers.set("Authorization", authorization);
        return fetchUtils.fetchJson(address, { ...options, headers });
      });
    },
    request: (staff, path, init = {}) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { "Content-Type": "application/json", ...init.headers, Authorization: `Bearer ${login(staff)}` },
      }),
    close: async () => {
      await closeServer(server, 1000);
      await database.drop();
    },
  };
}
