import type { Knex } from "knex";
import type { DashboardReply } from "#contracts/dashboard.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import adjustments from "#contracts/resources/adjustments.ts";
import dayCloses from "#contracts/resources/day-closes.ts";
import deposits from "#contracts/resources/deposits.ts";
import reconciliationTasks from "#contracts/resources/reconciliation-tasks.ts";
import withdrawals from "#contracts/resources/withdrawals.ts";

interface Kind {
  readonly declaration: ResourceDeclaration;
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly label: readonly [string, string];
  /** The moment that a row waits since. */
  readonly sinceSql: string;
}

/** What staff are waited for, as the lists show it. Differences count once they are older than three business days. */
const kinds: readonly Kind[] = [
  {
    declaration: dayCloses,
    filter: { state: ["failed"] },
    label: ["Day closes stopped by a broken rule", "因规则不符而停止的日终结账"],
    sinceSql: "created_at",
  },
  {
    declaration: withdrawals,
    filter: { state: ["in-review"] },
    label: ["Withdrawals to review", "待审核出金"],
    sinceSql: "requested_at",
  },
  {
    declaration: deposits,
    filter: { state: ["underpaid", "overpaid", "in-review", "unmatched"] },
    label: ["Deposits to decide", "待处理入金"],
    sinceSql: "received_at",
  },
  {
    declaration: adjustments,
    filter: { state: ["requested"] },
    label: ["Adjustments to approve", "待批准调整"],
    sinceSql: "requested_at",
  },
  {
    declaration: reconciliationTasks,
    filter: { state: ["open", "claimed"], age: ["4-7", "over-7"] },
    label: ["Differences open for more than three business days", "超过三个工作日的对账差异"],
    sinceSql: "since::timestamptz",
  },
];

/** What waits for the viewer's decision, oldest first: of his partner, of lists that his role may see. Agents decide nothing. */
export async function readWaiting(
  db: Knex,
  { tenantId, agentId, role }: Pick<StaffIdentity, "tenantId" | "agentId" | "role">,
): Promise<DashboardReply["waiting"]> {
  if (agentId !== null) return [];
  const seen = kinds.filter(({ declaration }) => declaration.operations.list?.includes(role) ?? false);
  const found = await Promise.all(
    seen.map(async ({ declaration, filter, label, sinceSql }) => {
      const rows = db(declaration.source).select(db.raw(`count(*)::int AS count, min(${sinceSql}) AS oldest`));
      for (const [column, values] of Object.entries(filter)) rows.whereIn(column, values);
      if (tenantId !== null) rows.where({ tenant_id: tenantId });
      const [row] = (await rows) as { count: number; oldest: Date | null }[];
      return {
        ...{ resource: declaration.name, filter: { ...filter }, label: [...label] as [string, string] },
        ...{ count: row?.count ?? 0, oldestAt: row?.oldest?.toISOString() ?? null },
      };
    }),
  );
  return found.filter(({ count }) => count > 0).sort((a, b) => (a.oldestAt ?? "").localeCompare(b.oldestAt ?? ""));
}
