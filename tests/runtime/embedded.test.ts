import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { startPostgres } from "../../server/platform/embedded/postgres.ts";
import { redisBinary } from "../../server/platform/embedded/redis-binaries.ts";
import { loadSecrets } from "../../server/platform/embedded/secrets.ts";
import { StartError } from "../../server/platform/embedded/start-error.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "truewick-embedded-"));
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aFolderWith(name: string, script: string): string {
  const bin = path.join(folder, `bin-${name}`);
  mkdirSync(bin);
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
}

test("without any Redis the message says what to install", async () => {
  await expect(redisBinary(folder, () => {}, [])).rejects.toThrow(
    /^No Redis server was found .*: install one .*, or set REDIS_URL to an existing one\.$/,
  );
});

test("when apt-get cannot fetch it, its own last words are in the message", async () => {
  const bin = aFolderWith("apt-get", "echo 'E: no network here' >&2; exit 100");
  const cache = path.join(folder, "cache");
  await expect(redisBinary(cache, () => {}, [bin])).rejects.toThrow("E: no network here");
  expect(existsSync(path.join(cache, "redis"))).toBe(false);
});

test("valkey-server does as well as redis-server", async () => {
  const bin = aFolderWith("valkey-server", "exit 0");
  const found = await redisBinary(folder, () => {}, [bin]);
  expect(found.program).toBe(path.join(bin, "valkey-server"));
});

test("secrets are made once, and a damaged file is never silently replaced", () => {
  const dataDir = path.join(folder, "secrets");
  const first = loadSecrets(dataDir);
  expect(loadSecrets(dataDir)).toEqual(first);
  expect(new Set(Object.values(first)).size).toBe(3);
  writeFileSync(path.join(dataDir, "secrets.json"), "{");
  expect(() => loadSecrets(dataDir)).toThrow(StartError);
});

test("a database made with other passwords is refused with the reason", async () => {
  const dataDir = path.join(folder, "cluster");
  const started = await startPostgres({ dataDir, ownerPassword: "a".repeat(32), settings: { fsync: "off" } });
  await started.stop();
  await expect(startPostgres({ dataDir, ownerPassword: "b".repeat(32), settings: {} })).rejects.toThrow("secrets.json");
  const again = await startPostgres({ dataDir, ownerPassword: "a".repeat(32), settings: { fsync: "off" } });
  await again.stop();
});

// Only root runs PostgreSQL as somebody else, who must be able to walk to the data.
(process.getuid?.() === 0 ? test : test.skip)(
  "data under a folder closed to others is kept where its user can reach it",
  async () => {
    const closed = path.join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const dataDir = path.join(closed, "data");
    const started = await startPostgres({ dataDir, ownerPassword: "a".repeat(32), settings: { fsync: "off" } });
    await started.stop();
    const link = path.join(dataDir, "postgres");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    const again = await startPostgres({ dataDir, ownerPassword: "a".repeat(32), settings: { fsync: "off" } });
    await again.stop();
    const { realpathSync } = await import("node:fs");
    rmSync(path.dirname(realpathSync(link)), { recursive: true });
  },
);
