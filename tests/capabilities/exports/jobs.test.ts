import { createHash, randomUUID } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { cancelExport, sweepExports } from "../../../server/capabilities/exports/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { person } from "../withdrawals/support.ts";
import { type ExportDesk, exportDesk } from "./support.ts";

let desk: ExportDesk;
beforeAll(async () => {
  desk = await exportDesk();
});
afterAll(() => desk?.close());
afterEach(() => expect(desk.failures.splice(0)).toEqual([]));

test("what a killed maker left half done is begun anew, and comes out the same", async () => {
  const whole = await desk.made({});
  const id = await desk.ask({});
  await desk.house.db.owner("exports").where({ id }).update({ state: "running", attempts: 1, rows_done: 3 });
  writeFileSync(path.join(desk.dir, `${id}.1.csv`), "account,account_kind\n1,house");
  expect(await desk.make()).toBe(1);
  expect(desk.bytesOf(id).equals(desk.bytesOf(whole))).toBe(true);
  expect((await desk.rowOf(id)).attempts).toBe(2);
  expect(await sweepExports({ db: desk.house.db.app, folder: desk.folder })).toBe(0);
});

test("one that has taken its maker down six times is given up, and the next is made", async () => {
  const [id, next] = [await desk.ask({}), await desk.ask({ report: "trades" })];
  const { owner } = desk.house.db;
  await owner("exports").where({ id }).update({ state: "running", attempts: 6 });
  await desk.make();
  expect(await desk.rowOf(id)).toMatchObject({
    state: "failed",
    failure: "Its maker ended 6 times before it was whole.",
  });
  expect((await desk.rowOf(next)).state).toBe("succeeded");
});

test("one that is cancelled while it is made leaves no file, and the next is made all the same", async () => {
  const [id, next] = [await desk.ask({}), await desk.ask({ report: "trades" })];
  const by = person("Fin");
  const open: typeof desk.folder.open = async (attempt) => {
    if (attempt.id === id) await transactor(desk.house.db.app)(by, (work) => cancelExport(work, id));
    return desk.folder.open(attempt);
  };
  await desk.make({ folder: { ...desk.folder, open } });
  expect((await desk.rowOf(id)).state).toBe("cancelled");
  expect((await desk.rowOf(next)).state).toBe("succeeded");
  expect(readdirSync(desk.dir).filter((name) => name.startsWith(id))).toEqual([]);
});

test("a maker that lost its place spoils nothing of the one that took over", async () => {
  const id = await desk.ask({});
  let isFirst = true;
  const open: typeof desk.folder.open = async (attempt) => {
    if (isFirst) {
      isFirst = false;
      expect(await desk.make()).toBe(1);
    }
    return desk.folder.open(attempt);
  };
  expect(await desk.make({ folder: { ...desk.folder, open } })).toBe(1);
  expect(await desk.rowOf(id)).toMatchObject({ state: "succeeded", attempts: 2 });
  expect(createHash("sha256").update(desk.bytesOf(id)).digest("hex")).toBe((await desk.rowOf(id)).sha256);
});

test("a maker that fails tries three times, then says so", async () => {
  const id = await desk.ask({});
  const broken = { ...desk.folder, open: () => Promise.reject(new Error("the disk is full")) };
  for (const state of ["queued", "queued", "failed"]) {
    expect(await desk.make({ folder: broken })).toBe(0);
    expect((await desk.rowOf(id)).state).toBe(state);
  }
  expect(desk.failures.splice(0)).toHaveLength(3);
  expect((await desk.rowOf(id)).failure).toBe("It could not be made; the server's log says why.");
});

test("what is too old is removed, with what nobody waits for", async () => {
  const id = await desk.made({ report: "trades" });
  const kept = await desk.made({ report: "trades" });
  await desk.house.db.owner("exports").where({ id }).update({ expires_at: "2020-01-01" });
  const orphan = randomUUID();
  writeFileSync(path.join(desk.dir, `${orphan}.2.csv`), "half");
  expect(await sweepExports({ db: desk.house.db.app, folder: desk.folder })).toBe(2);
  expect((await desk.rowOf(id)).state).toBe("expired");
  const names = readdirSync(desk.dir).join(" ");
  expect([names.includes(id), names.includes(orphan), names.includes(kept)]).toEqual([false, false, true]);
});

test("nobody keeps more than ten waiting, and who is no person asks for nothing", async () => {
  const by = person("Eager");
  const ids: string[] = [];
  for (let waiting = 0; waiting < 10; waiting += 1) ids.push(await desk.ask({ report: "trades" }, by));
  await expect(desk.ask({ report: "trades" }, by)).rejects.toThrow("TOO_MANY_EXPORTS");
  await expect(desk.ask({}, { ...by, id: null })).rejects.toThrow("NO_PERSON");
  expect(await desk.make()).toBe(10);
  const cancel = (id: string) => transactor(desk.house.db.app)(by, (work) => cancelExport(work, id));
  expect(await cancel(ids[0] ?? "")).toEqual({ ok: false, refusal: { code: "NOT_IN_THIS_STATE" } });
});
