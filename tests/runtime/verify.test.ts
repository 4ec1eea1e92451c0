import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { projectRoot } from "../../server/config.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { aBook, aCashAccount } from "../support/ledger.ts";
import { aDataDir, cleanUp } from "./installation.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(async () => {
  await db.drop();
  await cleanUp();
});

function verify(
  env: Record<string, string>,
  ...args: readonly string[]
): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "server/verify.ts", ...args], {
    cwd: projectRoot,
    env: { PATH: process.env.PATH, DEMO: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output, errors }));
  });
}

test("balanced books are told invariant by invariant, exit 0; a changed balance is named with its row, exit 1", async () => {
  const book = await aBook(db.app);
  const account = await aCashAccount(db.app, book, 12_345n);
  const before = await verify({ DATABASE_URL: db.ownerUrl });
  expect([before.code, before.errors]).toEqual([0, ""]);
  expect(before.output).toMatch(/^holds {3}I1 /m);
  expect(before.output).toContain("the books are balanced");

  await db.owner.transaction(async (trx) => {
    await trx.raw("SET LOCAL session_replication_role = replica");
    await trx("balances").where({ ledger_account_id: account }).update({ posted: 12_346n });
  });
  const after = await verify({ DATABASE_URL: db.ownerUrl });
  expect(after.code).toBe(1);
  expect(after.output).toMatch(/^BROKEN {2}I2 /m);
  expect(after.output).toContain(`"ledger_account_id":"${account}","posted":"12346"`);
});

test("with --rebuild the books are recomputed too, and the sealed quotes checked", async () => {
  const whole = await testDatabase();
  try {
    const { code, output } = await verify({ DATABASE_URL: whole.ownerUrl }, "--rebuild");
    expect(output).toMatch(/^holds {3}sealed quotes: 0 quotes in 0 blocks/m);
    expect(output).toMatch(/^holds {3}rebuild: 0 filled orders of 0 accounts/m);
    expect(code).toBe(0);
  } finally {
    await whole.drop();
  }
});

test("where nothing was ever started, it says so", async () => {
  const dataDir = path.join(aDataDir(), "none");
  const { code, errors } = await verify({ DATA_DIR: dataDir });
  expect([code, errors]).toEqual([
    1,
    `There is no installation in ${dataDir}: run npm start first, or set DATA_DIR or DATABASE_URL.\n`,
  ]);
});
