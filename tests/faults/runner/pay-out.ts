import { formatDecimal } from "#core/units.ts";
import { persist } from "./client.ts";
import { amountOf } from "./pay-in.ts";
import type { PlannedAction } from "./plan.ts";
import { requestIdOf } from "./request-id.ts";
import type { TraderPorts } from "./trader.ts";

/** Least that the bank pays out, in cents. */
const leastCents = 2_500n;
const changesHisMind = 0.12;

/** A trader asks to be paid; now and then he changes his mind at once, which may be too late. */
export async function withdraw(ports: TraderPorts, action: PlannedAction, clientId: string): Promise<void> {
  const { person, session, journal, deadline } = ports;
  const { accountId, targetId } = person;
  const cents = amountOf(action) + leastCents;
  const what = `withdrawal of ${cents} cents`;
  const entry = journal.open({ kind: "withdrawal", accountId, clientId, what, cents: 0, givesUp: action.givesUp });
  const body = { requestId: requestIdOf(clientId), accountId, targetId, amount: formatDecimal(cents, 2) };
  let id: string | null = null;
  await persist(
    entry,
    async (node) => {
      const answer = await session.send(node, "withdrawals", body);
      id = (answer.body.withdrawal as { id?: string } | undefined)?.id ?? null;
      return answer;
    },
    { node: action.node, deadline },
  );
  if (id === null || action.chance > changesHisMind) return;
  await session.send(action.node, `withdrawals/${id}`, undefined, "DELETE").catch(() => null);
}
