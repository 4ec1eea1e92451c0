import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { assert } from "#core/result.ts";
import { changeSheet, decideChange } from "../../server/capabilities/risk/index.ts";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { type Sender, senderOf } from "./support/sender.ts";
import { aStaff } from "./support/world.ts";

const admin = aStaff("admin");
const risk = aStaff("risk");

let desk: Desk;
let send: Sender["send"];
let command: Sender["command"];
let read: Sender["read"];
let lastAudit: Sender["lastAudit"];
beforeAll(async () => {
  desk = await openDesk();
  ({ send, command, read, lastAudit } = senderOf(desk, admin));
});
afterEach(() => desk.database.owner("risk_policy").update({ four_eyes_above_percent: null }));
afterAll(() => desk?.close());

const note = { note: "looked at" };

/** A draft of the admin's, and the path of its commands. */
async function aDraft(): Promise<string> {
  const [status, { id }] = await send("POST", "/risk-changes", { name: "A change", reason: "a quiet week" });
  expect(status).toBe(201);
  return `/risk-changes/${id}`;
}

const linesOf = (path: string) =>
  desk.database
    .app("risk_change_lines")
    .where({ change_id: path.split("/")[2] })
    .orderBy("id");

async function aLine(assetClass: string, settings: object): Promise<string> {
  const [status, made] = await send("POST", "/risk-limits", { scope: "default", assetClass, ...settings });
  expect(status).toBe(201);
  return `/risk-limits/${made.id}`;
}

describe("a draft", () => {
  test("changes what is named, keeps what is in force, and holds nothing before it is applied", async () => {
    const line = await aLine("metal", { maxClassLots: "10", maxLongLots: "4" });
    const path = await aDraft();
    const metal = { scope: "default", assetClass: "metal" };
    expect((await command(path, "set-line", { ...metal, maxClassLots: "8" }))[0]).toBe(200);
    expect(
      (await command(path, "set-line", { ...metal, cleared: ["maxLongLots"], maxShortLots: "3" }))[1],
    ).toMatchObject({ state: "draft", lines: 1 });
    expect(await linesOf(path)).toMatchObject([
      {
        seen_version: 1,
        before: { maxClassLots: "10", maxLongLots: "4" },
        settings: { maxClassLots: "8", maxShortLots: "3" },
      },
    ]);
    expect(await read(line)).toMatchObject({ maxClassLots: "10", maxLongLots: "4", version: 1 });
    expect((await command(path, "apply", note))[1].state).toBe("applied");
    expect(await read(line)).toMatchObject({ maxClassLots: "8", maxLongLots: null, maxShortLots: "3", version: 2 });
    expect(await lastAudit("risk-changes")).toMatchObject({ action: "apply", after: { state: "applied" } });
    expect((await command(path, "set-line", { ...metal, maxClassLots: "7" }))[1].code).toBe("NOT_IN_THIS_STATE");
  });

  test.each([
    ["a setting that can't stand there", { scope: "default", instrumentId: "MES", maxTotalLots: "5" }, "maxTotalLots"],
    ["an unknown setting taken away", { scope: "default", cleared: ["maxFun"] }, "cleared"],
    ["the trader's own limits", { scope: "self", maxTotalLots: "5" }, "scope"],
    ["nothing", { scope: "default", assetClass: "currency" }, "maxLotsPerOrder"],
    ["a partner's line that names none", { scope: "partner", maxTotalLots: "5" }, "scope"],
  ])("refuses %s, and writes no line", async (_what, line, field) => {
    const path = await aDraft();
    const [status, { errors }] = await command(path, "set-line", line);
    expect([status, Object.keys(errors ?? {})]).toEqual([422, [field]]);
    expect(await linesOf(path)).toEqual([]);
  });

  test("gives a line back", async () => {
    const path = await aDraft();
    await command(path, "set-line", { scope: "default", instrumentId: "MES", maxGrossLots: "9" });
    const [line] = await linesOf(path);
    expect((await command(path, "remove-line", { lineId: line.id }))[1].lines).toBe(0);
    expect((await command(path, "apply", note))[1].code).toBe("NO_LINES");
    expect((await command(path, "remove-line", { lineId: line.id }))[1].errors).toHaveProperty("lineId");
  });
});

describe("four eyes", () => {
  test("what loosens above the threshold is proposed by one and applied by another", async () => {
    await aLine("energy", { maxClassLots: "10" });
    expect((await send("PUT", "/risk-policy/1", { fourEyesAbovePercent: 50, version: 1 }))[0]).toBe(200);
    expect(await lastAudit("risk-policy")).toMatchObject({ after: { fourEyesAbovePercent: 50 } });
    const path = await aDraft();
    await command(path, "set-line", { scope: "default", assetClass: "energy", maxClassLots: "16" });
    expect((await command(path, "apply", note))[1].code).toBe("FOUR_EYES_NEEDED");
    expect((await command(path, "propose", {}))[1].state).toBe("proposed");
    expect((await command(path, "remove-line", { lineId: (await linesOf(path))[0].id }))[1].code).toBe(
      "NOT_IN_THIS_STATE",
    );
    expect((await command(path, "approve", note))[1].code).toBe("OWN_CHANGE");
    expect((await command(path, "approve", note, risk))[1]).toMatchObject({ state: "applied", decidedBy: risk.name });
    const version = await desk.database
      .app("admin_risk_versions")
      .where({ change_id: path.split("/")[2] })
      .first();
    expect(version).toMatchObject({ author: admin.name, approver: risk.name, settings: { maxClassLots: "16" } });
  });

  test("the threshold is the admin's", async () => {
    const { version } = await read("/risk-policy/1");
    const body = { fourEyesAbovePercent: 10, version };
    expect((await send("PUT", "/risk-policy/1", body, {}, risk))[0]).toBe(403);
    expect((await send("PUT", "/risk-policy/1", { ...body, fourEyesAbovePercent: -1 }))[0]).toBe(422);
  });

  test("the database itself takes no approval and no rejection by the author", async () => {
    const path = await aDraft();
    await command(path, "set-line", { scope: "default", instrumentId: "MES", maxShortLots: "9" });
    await command(path, "propose", {});
    const id = path.split("/")[2] ?? "";
    const { author_id } = await desk.database.owner("risk_changes").where({ id }).first();
    for (const state of ["applied", "rejected"]) {
      const own = { state, decided_by_id: author_id, decided_by: "x", decided_at: new Date(), decision_note: "x" };
      await expect(desk.database.owner("risk_changes").where({ id }).update(own)).rejects.toThrow(
        "risk_changes_two_people",
      );
    }
    await expect(desk.database.owner("risk_change_lines").where({ change_id: id }).delete()).rejects.toThrow(
      "are fixed",
    );
    expect((await command(path, "withdraw", note, risk))[1].code).toBe("NOT_OWN_CHANGE");
    expect((await command(path, "reject", note, risk))[1].state).toBe("rejected");
    expect((await command(path, "approve", note, risk))[1].code).toBe("NOT_IN_THIS_STATE");
  });
});

test("a line that was changed since is refused by name, and none of the others is written", async () => {
  const crypto = await aLine("crypto", { maxClassLots: "10" });
  const path = await aDraft();
  await command(path, "set-line", { scope: "default", assetClass: "crypto", maxClassLots: "9" });
  await command(path, "set-line", { scope: "default", assetClass: "currency", maxClassLots: "9" });
  await send("PUT", crypto, { maxClassLots: "7", version: 1 });
  const [status, { code, detail }] = await command(path, "apply", note);
  expect([status, code]).toEqual([409, "LINE_CHANGED_SINCE"]);
  expect(detail).toContain("default crypto");
  const id = path.split("/")[2] ?? "";
  const ann = { ...systemActor, kind: "staff", id: admin.staffId, name: "Ann" } as const;
  const applied = await transactor(desk.database.app)(ann, (work) =>
    decideChange(work, ann, { id, action: "apply", note: "again" }),
  );
  expect(applied).toEqual({ ok: false, refusal: { code: "LINE_CHANGED_SINCE", line: "default crypto" } });
  expect(await desk.database.app("risk_limit_versions").where({ change_id: id })).toEqual([]);
  expect(await desk.database.app("risk_limits").where({ asset_class: "currency" })).toEqual([]);
});

describe("the sheet of a draft", () => {
  const sheetOf = async (path: string, staff = admin) => {
    const sheet = await changeSheet(desk.database.app, path.split("/")[2] ?? "", staff.staffId);
    assert(sheet !== null, `there is no ${path}`);
    return sheet;
  };
  const partners = () => ({ scope: "partner", tenantId: desk.world.alpha.id });
  const settingOf = (sheet: Awaited<ReturnType<typeof sheetOf>>, line: number, name: string) =>
    sheet.lines[line]?.settings.find((one) => one.name === name);

  test("tells each setting in force and then, with the line that each comes from, and which way it goes", async () => {
    const {
      id: tenantId,
      traders: [traderId],
    } = desk.world.alpha;
    await aLine("equity-index", { maxClassLots: "10", maxLongLots: "4" });
    const path = await aDraft();
    await command(path, "set-line", {
      scope: "default",
      assetClass: "equity-index",
      maxClassLots: "12",
      cleared: ["maxLongLots"],
    });
    const own = { scope: "trader", tenantId, traderId, assetClass: "equity-index" };
    await command(path, "set-line", { ...own, maxClassLots: "3" });
    const sheet = await sheetOf(path);
    expect(sheet.lines).toMatchObject([
      {
        target: { scope: "default", assetClass: "equity-index" },
        name: null,
        seenVersion: 1,
        version: 1,
        needsSecond: false,
      },
      { target: { scope: "trader", traderId }, limitId: null, seenVersion: 0, version: 0 },
    ]);
    expect(settingOf(sheet, 0, "maxClassLots")).toMatchObject({
      ...{ own: "10", drafted: "12", direction: "looser" },
      inForce: { value: "10", source: "default", version: 1 },
      planned: { value: "12", source: "default", limitId: sheet.lines[0]?.id },
    });
    expect(settingOf(sheet, 0, "maxLongLots")).toMatchObject({ own: "4", drafted: null, direction: "looser" });
    expect(settingOf(sheet, 1, "maxClassLots")).toMatchObject({
      ...{ own: null, drafted: "3", direction: "tighter" },
      inForce: { value: "10", source: "default" },
      // The rest of the change holds for him too.
      inherited: { value: "12" },
      planned: { value: "3", source: "trader" },
    });
    expect([sheet.isAuthor, (await sheetOf(path, risk)).isAuthor]).toEqual([true, false]);
  });

  test("tells which line asks for a second person, and which was changed since", async () => {
    const [line] = (await read('/risk-limits?filter={"assetClass":"energy"}')) as unknown as {
      id: string;
      version: number;
    }[];
    await desk.database.owner("risk_policy").update({ four_eyes_above_percent: 20 });
    const path = await aDraft();
    await command(path, "set-line", { scope: "default", assetClass: "energy", maxClassLots: "100" });
    await command(path, "set-line", { ...partners(), maxShortLots: "2" });
    const asked = { fourEyesAbovePercent: 20, lines: [{ needsSecond: true }, { needsSecond: false }] };
    expect(await sheetOf(path)).toMatchObject(asked);
    await send("PUT", `/risk-limits/${line?.id}`, { maxClassLots: "2", version: line?.version });
    expect((await sheetOf(path)).lines.map(({ seenVersion, version }) => version - seenVersion)).toEqual([1, 0]);
  });

  test("names the rehearsals of exactly these lines", async () => {
    const path = await aDraft();
    await command(path, "set-line", { ...partners(), maxShortLots: "2" });
    const period = { book: "live", fromAt: "2026-11-20T00:00:00.000Z", toAt: "2026-11-21T00:00:00.000Z" };
    expect((await command(path, "rehearse", period))[0]).toBe(200);
    const [id] = (await sheetOf(path)).rehearsedAsItIs;
    expect(
      await desk.database
        .app("risk_rehearsals")
        .where({ change_id: path.split("/")[2] })
        .first("id"),
    ).toEqual({ id });
    await command(path, "set-line", { ...partners(), maxShortLots: "3" });
    expect((await sheetOf(path)).rehearsedAsItIs).toEqual([]);
  });

  test("of a change that was applied compares its lines with what they were", async () => {
    const path = await aDraft();
    await command(path, "set-line", { ...partners(), maxShortLots: "2" });
    await command(path, "apply", note);
    expect(settingOf(await sheetOf(path), 0, "maxShortLots")).toMatchObject({
      ...{ own: null, drafted: "2", inForce: null, planned: null, direction: "tighter" },
    });
  });
});
