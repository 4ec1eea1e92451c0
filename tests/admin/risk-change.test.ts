import { describe, expect, test } from "@jest/globals";
import { draftLine } from "../../admin/pages/risk-change/draft-line.ts";
import { type LineWish, targetOf } from "../../admin/pages/risk-change/line-wish.ts";
import type { DeskDataProvider } from "../../admin/providers/data-provider.ts";

const wish = (changes: Partial<LineWish>): LineWish => ({
  ...{ scope: "default", whose: "", object: "", name: "", value: null },
  ...changes,
});
const nobody = { tenantId: null, agentId: null, groupId: null, traderId: null };

describe("a line that is put together on screen", () => {
  test.each<
    [what: string, wish: Partial<LineWish>, whose: { id: string; tenantId?: number } | undefined, target: unknown]
  >([
    ["everybody's", {}, undefined, { scope: "default", ...nobody, instrumentId: null, assetClass: null }],
    [
      "of a class",
      { object: "metal" },
      undefined,
      { scope: "default", ...nobody, instrumentId: null, assetClass: "metal" },
    ],
    [
      "of an instrument",
      { object: "MES" },
      undefined,
      { scope: "default", ...nobody, instrumentId: "MES", assetClass: null },
    ],
    [
      "a partner's",
      { scope: "partner", whose: "2" },
      undefined,
      { scope: "partner", ...nobody, tenantId: 2, instrumentId: null, assetClass: null },
    ],
    [
      "a group's",
      { scope: "group", whose: "g" },
      undefined,
      { scope: "group", ...nobody, groupId: "g", instrumentId: null, assetClass: null },
    ],
    [
      "a trader's, with his partner",
      { scope: "trader", whose: "t" },
      { id: "t", tenantId: 3 },
      { scope: "trader", ...nobody, tenantId: 3, traderId: "t", instrumentId: null, assetClass: null },
    ],
    ["nobody's while none is chosen", { scope: "agent" }, undefined, null],
    ["nobody's while another's record is there", { scope: "agent", whose: "a" }, { id: "b", tenantId: 3 }, null],
  ])("is %s", (_what, changes, whose, target) => {
    expect(targetOf(wish(changes), whose)).toEqual(target);
  });
});

test("what is emptied in a draft is taken away by its name", async () => {
  const given: unknown[] = [];
  const runCommand: DeskDataProvider["runCommand"] = async (...command) => {
    given.push(command);
    return null;
  };
  const target = { scope: "default", ...nobody, instrumentId: "MES", assetClass: null } as const;
  const changes = { maxLongLots: "2", maxShortLots: null, isStopLossMandatory: false };
  await draftLine({ runCommand } as DeskDataProvider, "c", target, changes);
  const input = { ...target, maxLongLots: "2", isStopLossMandatory: false, cleared: ["maxShortLots"] };
  expect(given).toEqual([["risk-changes", "c", "set-line", input]]);
});
