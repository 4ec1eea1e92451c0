import { expect, test } from "@jest/globals";
import type { ExposureNews, WireExposureRow } from "#contracts/exposure.ts";
import type { StressReply } from "#contracts/stress.ts";
import { applyNews } from "../../admin/pages/exposure/apply-news.ts";
import { changed, drillOf, questionIn } from "../../admin/pages/exposure/question.ts";
import { stoppedOutCsv } from "../../admin/pages/exposure/stress/stopped-out-csv.ts";

const row = (key: string, netLots: string): WireExposureRow => ({
  ...{ key, group: key, currency: "USD", longLots: netLots, shortLots: "0", netLots, grossLots: netLots },
  ...{ notional: "0.00", grossNotional: "0.00", unrealized: "0.00", margin: "0.00" },
  ...{ accounts: 1, workingOrders: 0, unpriced: 0 },
});
const news = (seq: number, more: Partial<ExposureNews> = {}): ExposureNews => ({
  ...{ view: 1, seq, full: false, at: "2026-01-01T00:00:00.000Z", rows: [], gone: [], more: 0, totals: [], worst: [] },
  ...more,
});
const full = news(7, { full: true, rows: [row("a", "1"), row("b", "2")] });

test("what changed replaces its row in its place, what is new comes last, what is gone goes", () => {
  const first = applyNews(null, full, 1);
  const next = applyNews(first, news(8, { rows: [row("c", "3"), row("a", "5")], gone: ["b"] }), 1);
  expect([...(next?.rows.values() ?? [])].map(({ key, netLots }) => [key, netLots])).toEqual([
    ["a", "5"],
    ["c", "3"],
  ]);
});

test("a gap is told, and mended by the next whole", () => {
  const first = applyNews(null, full, 1);
  expect(applyNews(first, news(9), 1)).toBeNull();
  expect(applyNews(null, news(8), 1)).toBeNull();
  expect(applyNews(first, news(12, { full: true, rows: [row("z", "1")] }), 1)?.rows.size).toBe(1);
});

test("news of the view before are left out", () => {
  const first = applyNews(null, full, 1);
  expect(applyNews(first, news(9, { view: 0, rows: [row("x", "1")] }), 1)).toBe(first);
});

test("an address is a view, and what it names wrongly is left open", () => {
  const agentId = "0193a1b2-0000-7000-8000-000000000001";
  const asked = (search: string, isOperators = true) => questionIn(new URLSearchParams(search), "live", isOperators);
  expect(asked(`by=agent&tenantId=2&agentId=${agentId}&worst=room`)).toEqual({
    ...{ book: "live", by: "agent", worst: "room", tenantId: 2, agentId },
  });
  expect(asked("by=colour&tenantId=x&agentId=1&assetClass=tulips&worst=most")).toEqual({
    ...{ book: "live", by: "instrument", worst: "level" },
  });
  expect(asked("by=partner", false).by).toBe("instrument");
});

test("a click looks into an agent's line until only his own traders are left", () => {
  const into = drillOf("agent", "0193a1b2-0000-7000-8000-000000000001", true);
  const own = drillOf("agent", "", true);
  const search = changed(changed(new URLSearchParams("by=agent&tenantId=1"), into ?? {}), own ?? {});
  expect(questionIn(search, "live", true)).toEqual({
    ...{ book: "live", by: "trader", worst: "level", tenantId: 1, direct: true },
    agentId: "0193a1b2-0000-7000-8000-000000000001",
  });
  expect(drillOf("trader", "anyone", true)).toBeNull();
});

test("the file of the stopped out: figures as they are, texts never a formula", () => {
  const level = { equity: "-1.50", required: "2.00", percent: "-75.0" };
  const rows: StressReply["stoppedOut"]["rows"] = [
    {
      ...{ accountId: "a", traderId: "t", tenantId: 1, partner: '=cmd|"x", Ltd', currency: "USD", cancelsOrders: true },
      ...{ before: level, shocked: level, after: { equity: "0.00", required: "0.00", percent: null } },
      ...{ closed: [{ instrumentId: "MES", side: "sell", lots: "2" }], fees: "1.24", madeGood: "2.74" },
    },
  ];
  const csv = stoppedOutCsv({ stoppedOut: { count: 1, rows } } as unknown as StressReply);
  expect(csv.split("\r\n")[1]).toBe(
    'a,t,"\'=cmd|""x"", Ltd",USD,-1.50,2.00,-75.0,-1.50,-75.0,1.24,2.74,0.00,sell 2 MES',
  );
  expect(csv.startsWith("\uFEFFaccount_id,")).toBe(true);
});
