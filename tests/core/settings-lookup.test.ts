import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectiveSettings, type RiskLine } from "#core/risk-table.ts";
import { settingsLookup } from "#core/settings-lookup.ts";

const scopes = ["default", "partner", "agent", "group", "trader", "self"] as const;

const anyLine: fc.Arbitrary<RiskLine> = fc
  .record({
    scope: fc.constantFrom(...scopes),
    whose: fc.constantFrom("1", "2"),
    about: fc.constantFrom(null, "MES", "MGC", "metal"),
    limit: fc.bigInt(1n, 9n),
  })
  .map(({ scope, whose, about, limit }) => ({
    ...{ limitId: `${scope} ${whose} ${about} ${limit}`, version: 1, scope, name: null },
    tenantId: scope === "default" ? null : 1,
    agentId: scope === "agent" ? `a${whose}` : null,
    groupId: scope === "group" ? `g${whose}` : null,
    traderId: scope === "trader" || scope === "self" ? `t${whose}` : null,
    instrumentId: about === "metal" ? null : about,
    assetClass: about === "metal" ? about : null,
    settings: { maxLotsPerOrder: limit },
  }));

test("settings that are worked out once for many traders are those of each of them", () => {
  const subjects = ["t1", "t2", "t3", "t4"].flatMap((traderId) =>
    ["g1", "g2"].flatMap((groupId) =>
      [[], ["a1"], ["a1", "a2"]].map((agentLine) => ({ tenantId: 1, traderId, groupId, agentLine })),
    ),
  );
  const objects = [null, { id: "MES", assetClass: "equity-index" }, { id: "MGC", assetClass: "metal" }];
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 12 }), (lines) => {
      const lookup = settingsLookup(lines);
      for (const subject of subjects)
        for (const about of objects) expect(lookup(subject, about)).toEqual(effectiveSettings(lines, subject, about));
    }),
  );
});
