import type { Knex } from "knex";
import { emailLetters, normalEmail, normalPhone } from "#core/link-values.ts";
import { masked } from "#core/mask.ts";

interface TraderRow {
  readonly id: string;
  readonly email: string | null;
  readonly phone: string | null;
}

/** A value as it is to be stored for a trader. */
interface Told {
  readonly signal: "email" | "email-similar" | "phone";
  readonly text: string;
  readonly shown: string;
  readonly traderId: string;
}

const atOnce = 5_000;

/**
 * Brings what traders are reached by up to date among the values that links are found by: of one trader, or of all, page by page. What
 * was changed or taken away is found no more.
 */
export async function noteAddresses(db: Knex, traderId: string | null): Promise<void> {
  if (traderId !== null)
    return notePage(db, await db<TraderRow>("traders").where({ id: traderId }).select("id", "email", "phone"));
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const page = await db<TraderRow>("traders")
      .where("id", ">", after)
      .orderBy("id")
      .limit(atOnce)
      .select("id", "email", "phone");
    const last = page.at(-1);
    if (last === undefined) return;
    await notePage(db, page);
    after = last.id;
  }
}

async function notePage(db: Knex, traders: readonly TraderRow[]): Promise<void> {
  const told = traders.flatMap(toldBy);
  await db.raw(
    `WITH told AS (
       SELECT signal, link_value(text) AS value, shown, trader_id
       FROM unnest(?::text[], ?::text[], ?::text[], ?::uuid[]) AS t(signal, text, shown, trader_id)),
     gone AS (
       DELETE FROM link_values v WHERE v.trader_id = ANY (?::uuid[]) AND v.signal IN ('email', 'email-similar', 'phone')
         AND NOT EXISTS (SELECT FROM told t WHERE (t.signal, t.value, t.trader_id) = (v.signal, v.value, v.trader_id)))
     INSERT INTO link_values (signal, value, trader_id, shown, factor, last_at)
     SELECT signal, value, trader_id, shown, 1, clock_timestamp() FROM told t
     WHERE NOT EXISTS (SELECT FROM link_values v WHERE (v.signal, v.value, v.trader_id) = (t.signal, t.value, t.trader_id))
     ON CONFLICT DO NOTHING`,
    [
      told.map(({ signal }) => signal),
      told.map(({ text }) => text),
      told.map(({ shown }) => shown),
      told.map((one) => one.traderId),
      traders.map(({ id }) => id),
    ],
  );
}

function toldBy({ id, email, phone }: TraderRow): Told[] {
  const told = (signal: Told["signal"], text: string | null, shown: string): Told[] =>
    text === null ? [] : [{ signal, text, shown, traderId: id }];
  return [
    ...(email === null ? [] : told("email", normalEmail(email), masked(email))),
    ...(email === null ? [] : told("email-similar", emailLetters(email), masked(email))),
    ...(phone === null ? [] : told("phone", normalPhone(phone), `•••${phone.slice(-3)}`)),
  ];
}
