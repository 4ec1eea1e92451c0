import { expect, test } from "@jest/globals";
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
