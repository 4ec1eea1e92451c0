import { setTimeout as sleep } from "node:timers/promises";
import { type Repetition, repeat } from "../../../server/platform/queue/repeat.ts";
import { type Answer, answerPatienceMs, ask, type Deadline, persist } from "./client.ts";
import { type Entry, type Journal, outcomeOf } from "./journal.ts";
import type { Outside } from "./outside.ts";
import type { Clerk, People } from "./people.ts";
import { lotOf } from "./request-id.ts";

/** One decision of a member of staff, and what the audit log must call it. */
export interface Act {
  readonly entry: Entry;
  readonly clerk: Clerk;
  readonly action: string;
  readonly objectId: string;
}

export interface Office {
  readonly acts: readonly Act[];
  /** What staff were told and must not have been. */
  readonly faults: readonly string[];
  readonly stop: () => Promise<void>;
}

export interface OfficePorts {
  readonly urls: readonly string[];
  readonly people: People;
  readonly outside: Outside;
  readonly journal: Journal;
  readonly deadline: Deadline;
  readonly look: <T>(sql: string, values?: readonly (string | number | string[])[]) => Promise<T[]>;
}

interface Row {
  readonly id: string;
  readonly state: string;
  readonly accountId: string | null;
  readonly channel: string;
  readonly paidOut: string;
  readonly sentBy: string | null;
}

const everyMs = 700;
const rejectedOf100 = 12;
const refusedByBankOf100 = 10;
/** As the audit log calls a decision: about money that came each is a review, which may carry it out. */
function auditNameOf(resource: string, command: string): string {
  if (resource === "deposits") return "review";
  return command === "give-back" ? "return" : command;
}

/** Staff at work: Ann and Ben review, Cem and Dee pay, Ann and Cem decide about money that came, Ann hands in statements. */
export function openOffice(ports: OfficePorts): Office {
  const desk = openDesk(ports);
  const { ann, ben, cem, dee } = ports.people.clerks;
  const rounds: readonly (() => Promise<void>)[] = [
    async () => {
      await review(desk, ann);
      await decideDeposits(desk, ann);
      await handInStatement(desk, ann);
    },
    () => review(desk, ben),
    async () => {
      await pay(desk, cem);
      await decideDeposits(desk, cem);
    },
    () => pay(desk, dee),
  ];
  // A round that finds the house shut is for the next one to do again.
  const working: readonly Repetition[] = rounds.map((round) => repeat(everyMs, () => round().catch(() => {})));
  return {
    acts: desk.acts,
    faults: desk.faults,
    stop: async () => {
      await Promise.all(working.map((one) => one.stop()));
    },
  };
}

interface Desk extends OfficePorts {
  readonly acts: Act[];
  readonly faults: string[];
  readonly list: (clerk: Clerk, resource: string, states: readonly string[]) => Promise<Row[]>;
  /** Once a person and record, whatever becomes of it; true: it was done. */
  readonly act: (clerk: Clerk, resource: string, row: Row, command: string, input: object) => Promise<boolean>;
}

function openDesk(ports: OfficePorts): Desk {
  const { urls, journal, deadline } = ports;
  const acts: Act[] = [];
  const done = new Set<string>();
  let turn = 0;
  const list: Desk["list"] = async (clerk, resource, states) => {
    const query = new URLSearchParams({ filter: JSON.stringify({ state: states }), range: "[0,99]" });
    const answer = await ask(`${urls[turn++ % 2]}/api/admin/${resource}?${query}`, { token: clerk.key });
    if (answer.status !== 200) throw new Error(`${resource}: ${answer.status}`);
    return answer.body as unknown as Row[];
  };
  const act: Desk["act"] = async (clerk, resource, { id, state }, command, input) => {
    const name = `${clerk.name}:${command}:${id}:${state}`;
    if (done.has(name)) return false;
    const what = `${command} ${resource} ${id} by ${clerk.name}`;
    const entry = journal.open({ kind: "office", accountId: "", clientId: name, what, cents: 0, givesUp: false });
    acts.push({ entry, clerk, action: auditNameOf(resource, command), objectId: id });
    const path = `/api/admin/${resource}/${id}/commands/${command}`;
    const send = (node: number) => asStaff(`${urls[node]}${path}`, clerk, input, name);
    const outcome = await persist(entry, send, { node: turn++ % 2, deadline });
    // What is refused now may be right later: a review of what somebody else has just decided is not.
    if (outcome !== "refused" || command !== "send") done.add(name);
    return outcome === "ok";
  };
  return { ...ports, acts, faults: [], list, act };
}

async function asStaff(url: string, clerk: Clerk, input: object, key: string): Promise<Answer> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${clerk.key}`, "idempotency-key": key };
  const body = JSON.stringify(input);
  const signal = AbortSignal.timeout(answerPatienceMs);
  const response = await fetch(url, { method: "POST", headers, body, signal });
  return { status: response.status, body: await response.json() };
}

/** What all staff think of a withdrawal: most are right. */
const isRejected = (id: string): boolean => lotOf(`reject ${id}`) < rejectedOf100;

async function review(desk: Desk, clerk: Clerk): Promise<void> {
  for (const row of await desk.list(clerk, "withdrawals", ["in-review"]))
    if (isRejected(row.id)) await desk.act(clerk, "withdrawals", row, "reject", { note: "the name differs" });
    else await desk.act(clerk, "withdrawals", row, "approve", {});
}

/** Money without an owner is given to whom the bank names as its payer, or sent back; what is somebody's is credited to him. */
async function decideDeposits(desk: Desk, clerk: Clerk): Promise<void> {
  for (const row of await desk.list(clerk, "deposits", ["underpaid", "overpaid", "in-review", "unmatched"])) {
    const owner = row.accountId === null ? await payerOf(desk, row.id) : null;
    const note = "looked at";
    if (row.accountId !== null) await desk.act(clerk, "deposits", row, "match", { note });
    else if (owner !== null) await desk.act(clerk, "deposits", row, "match", { note, accountId: owner });
    else await desk.act(clerk, "deposits", row, "reject", { note });
  }
}

async function payerOf({ look, people }: Desk, depositId: string): Promise<string | null> {
  const [line] = await look<{ party_name: string }>("SELECT party_name FROM statement_lines WHERE deposit_id = $1", [
    depositId,
  ]);
  return people.traders.find(({ name }) => name === line?.party_name)?.accountId ?? null;
}

/** Takes what is approved to the bank, once he was told that it is his to send; says later what the bank made of it. */
async function pay(desk: Desk, clerk: Clerk): Promise<void> {
  const { bank } = desk.outside;
  for (const row of await desk.list(clerk, "withdrawals", ["approved"])) {
    // What goes by a chain the scheduler pays.
    if (row.channel !== "bank") continue;
    if (!(await desk.act(clerk, "withdrawals", row, "send", { reference: `${clerk.name} ${row.id}` }))) continue;
    const outcome = lotOf(`bank ${row.id}`) < refusedByBankOf100 ? "refused" : "paid";
    bank.pay({ purpose: row.id, cents: BigInt(row.paidOut.replace(".", "")), outcome });
  }
  for (const row of await desk.list(clerk, "withdrawals", ["sent"])) {
    const order = bank.orders.find(({ purpose }) => purpose === row.id);
    if (row.sentBy !== clerk.name || order === undefined) continue;
    if (order.outcome === "paid") await desk.act(clerk, "withdrawals", row, "confirm", {});
    else await desk.act(clerk, "withdrawals", row, "give-back", { note: "the account is closed" });
  }
}

const twicePauseMs = 50;

/** The bank's statement since the last one: tried first, handed in until its fate is known, and once more, which must be refused. */
async function handInStatement(desk: Desk, clerk: Clerk): Promise<void> {
  const { outside, people, urls, deadline } = desk;
  const drawn = outside.bank.statement();
  if (drawn === null) return;
  const send = async (node: number, more = ""): Promise<Answer> => {
    const url = `${urls[node]}/api/admin/bank-accounts/${people.bankAccountId}/statements?format=${drawn.format}${more}`;
    const headers = { "content-type": "application/octet-stream", authorization: `Bearer ${clerk.key}` };
    const signal = AbortSignal.timeout(answerPatienceMs);
    const response = await fetch(url, { method: "POST", headers, body: drawn.text, signal });
    return { status: response.status, body: await response.json() };
  };
  const clientId = `statement-${drawn.lines}`;
  const what = `statement up to line ${drawn.lines}`;
  const entry = desk.journal.open({ kind: "office", accountId: "", clientId, what, cents: 0, givesUp: false });
  let statementId: unknown = null;
  await persist(
    entry,
    async (node) => {
      const answer = await send(node);
      statementId = answer.body.statementId ?? statementId;
      return answer;
    },
    { node: 0, deadline },
  );
  // Taken, or known already: an attempt that nobody answered had taken it.
  const isTaken = entry.attempts.some(({ says }) => says.startsWith("201") || says.includes("STATEMENT_KNOWN"));
  if (!isTaken) {
    desk.faults.push(`a right statement was not taken: ${outcomeOf(entry)} ${entry.attempts.at(-1)?.says}`);
    return;
  }
  outside.bank.wasTaken(drawn);
  await sleep(twicePauseMs);
  const again = await send(1);
  if (again.status < 300) desk.faults.push(`a statement was taken twice: ${drawn.format} up to line ${drawn.lines}`);
}
