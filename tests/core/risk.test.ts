import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectiveSettings, type RiskLine } from "#core/risk-table.ts";

const given = (name: string, value: bigint | null) => (value === null ? {} : { [name]: value });
const line = (
  scope: RiskLine["scope"],
  order: bigint | null,
  position: bigint | null,
  more: Partial<RiskLine> = {},
): RiskLine => ({
  limitId: `${scope} line`,
  version: 1,
  scope,
  tenantId: scope === "default" ? null : 1,
  agentId: null,
  name: null,
  groupId: null,
  traderId: null,
  instrumentId: null,
  assetClass: null,
  settings: { ...given("maxLotsPerOrder", order), ...given("maxPositionLots", position) },
  ...more,
});
const subject = { tenantId: 1, traderId: "t1", groupId: "careful", agentLine: ["root", "middle", "near"] };
const told = (found: ReturnType<typeof effectiveSettings>) =>
  Object.fromEntries(Object.entries(found).map(([name, { value, source }]) => [name, { value, source }]));
const limitsOf = (...lines: RiskLine[]) =>
  told(effectiveSettings(lines, subject, { id: "MES", assetClass: "equity-index" }));

test("without any line there is no limit", () => {
  expect(limitsOf()).toEqual({});
});
test("the nearest scope wins, and each limit is inherited by itself", () => {
  expect(
    limitsOf(line("default", 10n, 100n), line("partner", 8n, null), line("trader", null, 5n, { traderId: "t1" })),
  ).toEqual({
    maxLotsPerOrder: { value: 8n, source: "partner" },
    maxPositionLots: { value: 5n, source: "trader" },
  });
});
test("of the agents above a trader the nearest wins", () => {
  const root = line("agent", 4n, 40n, { agentId: "root", name: "R" });
  const near = line("agent", 6n, null, { agentId: "near", name: "N" });
  expect(limitsOf(near, root, line("partner", 1n, 1n))).toEqual({
    maxLotsPerOrder: { value: 6n, source: "agent:N" },
    maxPositionLots: { value: 40n, source: "agent:R" },
  });
});
test("within a scope the instrument's own line wins; a nearer general line wins over it", () => {
  const own = line("default", 3n, null, { instrumentId: "MES" });
  expect(limitsOf(line("default", 10n, null), own).maxLotsPerOrder).toEqual({ value: 3n, source: "default" });
  expect(limitsOf(own, line("partner", 7n, null)).maxLotsPerOrder).toEqual({ value: 7n, source: "partner" });
});
test("lines of other instruments, traders, agents and partners do not count", () => {
  expect(
    limitsOf(
      line("default", 1n, 1n, { instrumentId: "MNQ" }),
      line("trader", 1n, 1n, { traderId: "t2" }),
      line("agent", 1n, 1n, { agentId: "elsewhere", name: "E" }),
      line("partner", 1n, 1n, { tenantId: 2 }),
    ),
  ).toEqual({});
});

/** Up the tree by hand: the nearest level that says something, its narrowest line first. */
function naive(lines: readonly RiskLine[], levels: readonly ((line: RiskLine) => boolean)[]): string | null {
  for (const isThere of levels)
    for (const narrow of [
      (l: RiskLine) => l.instrumentId === "MES",
      (l: RiskLine) => l.assetClass === "equity-index",
      (l: RiskLine) => l.instrumentId === null && l.assetClass === null,
    ]) {
      const found = lines.find((line) => isThere(line) && narrow(line) && line.settings.maxLongLots !== undefined);
      if (found !== undefined) return found.limitId;
    }
  return null;
}

test("the value in force is what a naive walk up the tree finds", () => {
  const subject = { tenantId: 1, traderId: "t", groupId: "g", agentLine: ["root", "near"] };
  const levels = [
    (line: RiskLine) => line.scope === "trader" && line.traderId === "t",
    (line: RiskLine) => line.scope === "group" && line.groupId === "g",
    (line: RiskLine) => line.scope === "agent" && line.agentId === "near",
    (line: RiskLine) => line.scope === "agent" && line.agentId === "root",
    (line: RiskLine) => line.scope === "partner" && line.tenantId === 1,
    (line: RiskLine) => line.scope === "default",
  ];
  const place = fc.record({
    scope: fc.constantFrom<RiskLine["scope"]>("default", "partner", "agent", "group", "trader"),
    tenantId: fc.constantFrom(1, 2),
    agentId: fc.constantFrom("root", "near", "other"),
    groupId: fc.constantFrom("g", "h"),
    traderId: fc.constantFrom("t", "u"),
    object: fc.constantFrom("MES", "MNQ", "equity-index", "metal", null),
    value: fc.option(fc.bigInt(0n, 9n)),
  });
  fc.assert(
    fc.property(fc.uniqueArray(place, { selector: (one) => JSON.stringify({ ...one, value: 0 }) }), (places) => {
      const lines = places.map(({ object, value, ...one }, index): RiskLine => {
        const isInstrument = object === "MES" || object === "MNQ";
        return {
          ...one,
          ...{ limitId: `${index}`, version: 1, name: null },
          tenantId: one.scope === "agent" ? 1 : one.tenantId,
          instrumentId: isInstrument ? object : null,
          assetClass: isInstrument ? null : object,
          settings: value === null ? {} : { maxLongLots: value },
        };
      });
      const found = effectiveSettings(lines, subject, { id: "MES", assetClass: "equity-index" }).maxLongLots;
      expect(found?.limitId ?? null).toBe(naive(lines, levels));
    }),
  );
});

test("what a trader set for himself only makes narrower", () => {
  const line = (scope: RiskLine["scope"], maxLongLots: bigint, marginPercent: bigint): RiskLine => ({
    ...{ limitId: scope, version: 1, scope, tenantId: 1, traderId: "t", settings: { maxLongLots, marginPercent } },
    ...{ agentId: null, name: null, groupId: null, instrumentId: null, assetClass: null },
  });
  const subject = { tenantId: 1, traderId: "t", groupId: null, agentLine: [] };
  const of = (...lines: RiskLine[]) => {
    const { maxLongLots, marginPercent } = effectiveSettings(lines, subject, null);
    return [maxLongLots?.source, marginPercent?.source];
  };
  expect(of(line("trader", 5n, 150n), line("self", 3n, 200n))).toEqual(["self", "self"]);
  expect(of(line("trader", 5n, 150n), line("self", 9n, 100n))).toEqual(["trader", "trader"]);
  expect(of(line("self", 9n, 100n))).toEqual(["self", "self"]);
});
