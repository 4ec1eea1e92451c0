import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "./world.ts";

const patienceMs = 60_000;
const everyMs = 200;

/**
 * Waits until all money that was under way has come to an end: every notice has arrived, every payment outside is decided, every
 * withdrawal is paid, given back or refused. Gives what has not. What a channel is asked about again in minutes or hours is
 * asked now, as the time that passes would have it.
 */
export async function moneyHasEnded(world: World): Promise<string[]> {
  const { outside, clock } = world;
  const beganMs = clock.nowMs();
  await outside.courier.arrived();
  let open: string[] = [];
  while (clock.nowMs() - beganMs < patienceMs) {
    open = await underway(world);
    if (open.length === 0) return [];
    await sleep(everyMs);
  }
  return open.map((one) => `${one} after ${patienceMs} ms`);
}

async function underway({ look, outside }: World): Promise<string[]> {
  await look(
    `UPDATE deposits SET next_poll_at = clock_timestamp()
     WHERE state IN ('waiting', 'unknown') AND channel = 'gateway' AND next_poll_at > clock_timestamp() + interval '5 seconds'`,
  );
  await look(
    `UPDATE chain_payouts SET next_look_at = clock_timestamp()
     WHERE state IN ('signed', 'unknown', 'sent') AND next_look_at > clock_timestamp() + interval '3 seconds'`,
  );
  const withdrawals = await look<{ id: string; state: string }>(
    "SELECT id, state FROM withdrawals WHERE state NOT IN ('confirmed', 'returned', 'rejected', 'cancelled')",
  );
  const numbers = (isBank: boolean): string[] =>
    outside.facts.filter(({ channel }) => (channel === "bank") === isBank).map(({ number }) => number);
  const undecided = await look<{ number: string; state: string | null }>(
    `SELECT f.number, d.state FROM unnest($1::text[]) AS f (number) LEFT JOIN deposits d ON d.channel <> 'bank' AND d.payment_no = f.number
       WHERE d.state IS NULL OR d.state NOT IN ('credited', 'rejected', 'reversed')
     UNION ALL SELECT f.number, d.state FROM unnest($2::text[]) AS f (number) LEFT JOIN statement_lines l ON l.bank_reference = f.number
       LEFT JOIN deposits d ON d.id = l.deposit_id WHERE d.state IS NULL OR d.state NOT IN ('credited', 'rejected', 'reversed')`,
    [numbers(false), numbers(true)],
  );
  const reversed = outside.facts.filter(({ end }) => end === "reversed").map(({ number }) => number);
  const standing = await look<{ number: string; state: string }>(
    "SELECT payment_no AS number, state FROM deposits WHERE channel = 'gateway' AND state <> 'reversed' AND payment_no = ANY ($1::text[])",
    [reversed],
  );
  return [
    ...withdrawals.map(({ id, state }) => `withdrawal ${id} is ${state}`),
    ...[...undecided, ...standing].map(({ number, state }) => `payment ${number} is ${state ?? "not known"}`),
  ];
}
