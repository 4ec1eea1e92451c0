import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { endsWithUs } from "../../server/platform/embedded/child.ts";
import { type ExportDesk, exportDesk } from "../capabilities/exports/support.ts";
import { killed } from "./order-flow.ts";

const transfers = 2_000;

let desk: ExportDesk;
beforeAll(async () => {
  desk = await exportDesk();
  await longLedger();
});
afterAll(() => desk?.close());

test.each([
  ["amid the rows", "system", "csv"],
  ["before the worksheet", "worksheet", "xlsx"],
  ["before the manifest", "excel", "csv"],
  ["after the manifest", "worksheet", "xlsx"],
] as const)("kill -9 of the maker %s (%s): started again, it makes the same file", async (standAt, profile, ending) => {
  const whole = desk.bytesOf(await desk.made({ profile }), ending);
  const id = await desk.ask({ profile });
  const maker = startMaker(standAt);
  const [said] = await once(maker.stdout, "data");
  expect(String(said)).toBe("stands\n");
  await killed(maker);
  expect(await desk.rowOf(id)).toMatchObject({ state: "running", attempts: 1, sha256: null });
  if (standAt === "amid the rows") {
    const { size } = statSync(path.join(desk.dir, `${id}.1.csv`));
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(whole.length);
  }

  const next = startMaker("");
  const [exitCode] = await once(next, "exit");
  expect(exitCode).toBe(0);
  const row = await desk.rowOf(id);
  expect(row).toMatchObject({ state: "succeeded", attempts: 2, bytes: String(whole.length) });
  expect(row.sha256).toBe(createHash("sha256").update(whole).digest("hex"));
  expect(desk.manifestOf(id).file.sha256).toBe(row.sha256);
  expect(readFileSync(path.join(desk.dir, `${id}.2.${ending}`)).equals(whole)).toBe(true);
  expect(readdirSync(desk.dir).filter((name) => name.startsWith(`${id}.1.`))).toEqual([]);
});

function startMaker(standAt: string) {
  const { NODE_OPTIONS: _jestOnly, ...environment } = process.env;
  const script = path.resolve(import.meta.dirname, "export-maker.ts");
  return endsWithUs(
    spawn(process.execPath, ["--import", "tsx", script], {
      cwd: path.resolve(import.meta.dirname, "../.."),
      env: { ...environment, APP_URL: desk.house.db.appUrl, FOLDER: desk.dir, STAND_AT: standAt },
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
}

/** Deposits by wire, so many that the ledger comes in more than one piece. */
async function longLedger(): Promise<void> {
  await desk.house.db.owner.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg, memo)
     SELECT bank.tenant_id, 'live', 'USD', bank.id, trader.id, n, 1, gen_random_uuid(), 0, 'deposit by wire'
     FROM generate_series(1, ?::int) n
     CROSS JOIN (SELECT * FROM ledger_accounts WHERE kind = 'clearing.bank' AND book = 'live' LIMIT 1) bank
     CROSS JOIN (SELECT * FROM ledger_accounts WHERE kind = 'trader.cash' AND book = 'live' LIMIT 1) trader`,
    [transfers],
  );
}
