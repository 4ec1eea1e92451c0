import { formatDecimal } from "#core/units.ts";
import { newAddress } from "../../support/chain/payouts.ts";
import { chainChannel } from "./chain.ts";
import { type Answer, persist } from "./client.ts";
import type { Outside } from "./outside.ts";
import { amountOf } from "./pay-in.ts";
import type { PlannedAction } from "./plan.ts";
import { requestIdOf } from "./request-id.ts";
import type { Session } from "./session.ts";
import type { TraderPorts } from "./trader.ts";

/** A trader's account in USDT, his address to pay to, and one of his own where he is paid. */
export interface Tether {
  readonly accountId: string;
  readonly depositAddress: string;
  readonly ownAddress: string;
  readonly targetId: string;
}

/** Cents of a dollar to millionths. */
const perCent = 10_000n;
const patience = { rounds: 100, restMs: 200 };

/** Asks for the address to pay to, which there is once the chain was looked at, and names one to be paid at. */
export async function openTether(session: Session, accountId: string, name: string): Promise<Tether> {
  const query = `deposit-address?accountId=${accountId}&channel=${chainChannel}`;
  const given = await until200(() => session.get(0, query));
  const ownAddress = newAddress();
  const target = { channel: chainChannel, name, address: ownAddress };
  const added = await session.send(0, "payout-targets", target);
  return {
    ...{ accountId, ownAddress },
    depositAddress: (given.body.address as { address: string }).address,
    targetId: (added.body.target as { id: string }).id,
  };
}

async function until200(request: () => Promise<Answer>): Promise<Answer> {
  for (let round = 1; ; round++) {
    const answer = await request();
    if (answer.status === 200) return answer;
    if (round === patience.rounds) throw new Error(`no address: ${answer.status} ${answer.body.code}`);
    await new Promise((resolve) => setTimeout(resolve, patience.restMs));
  }
}

/** A trader sends tokens to his address; nobody is asked before. */
export async function payByChain({ person, outside }: TraderPorts, action: PlannedAction): Promise<void> {
  if (person.tether !== null) await sendTokens(outside, person.tether, amountOf(action) * perCent);
}

/** What an account in USDT begins with, in millionths: what is withdrawn later must be there. */
export const firstTokens = 3_000_000_000n;

export async function sendTokens(outside: Outside, tether: Tether, minor: bigint): Promise<void> {
  if (outside.chain === null) return;
  const { accountId, depositAddress } = tether;
  // Its number is known once it was handed to the node: before that there is nothing.
  const { txid } = await outside.chain.pay(depositAddress, minor);
  outside.facts.push({
    ...{ channel: chainChannel, number: `${txid}:0`, minor, accountId, end: "credited", twin: null },
  });
}

/** A trader asks to be paid on the chain. */
export async function withdrawByChain(ports: TraderPorts, action: PlannedAction, clientId: string): Promise<void> {
  const { person, session, journal, deadline } = ports;
  if (person.tether === null) return;
  const { accountId, targetId } = person.tether;
  const minor = (amountOf(action) * perCent) / 4n;
  const what = `withdrawal of ${minor} millionths`;
  const entry = journal.open({ kind: "withdrawal", accountId, clientId, what, cents: 0, givesUp: action.givesUp });
  const body = { requestId: requestIdOf(clientId), accountId, targetId, amount: formatDecimal(minor, 6) };
  await persist(entry, (node) => session.send(node, "withdrawals", body), { node: action.node, deadline });
}
