import { randomUUID } from "node:crypto";
import type { Knex } from "knex";

/** As many as pgbench has. */
const connections = 8;
const accounts = 1_000;

/**
 * The shape most brokers begin with: each order is a transaction of its own that writes the order with a unique client key, three
 * ledger rows, a position, the trader's balance and the one balance of the house. Orders a second.
 */
export async function naiveOrders(db: Knex, seconds: number): Promise<number> {
  await db.raw(`
    CREATE SCHEMA naive;
    CREATE TABLE naive.balances (id int PRIMARY KEY, posted bigint NOT NULL);
    CREATE TABLE naive.orders (id uuid PRIMARY KEY, client_key text NOT NULL UNIQUE, account int NOT NULL, lots bigint NOT NULL);
    CREATE TABLE naive.entries (id bigserial PRIMARY KEY, order_id uuid NOT NULL, account int NOT NULL, amount bigint NOT NULL);
    CREATE TABLE naive.positions (account int, instrument text, lots bigint NOT NULL, PRIMARY KEY (account, instrument));
    INSERT INTO naive.balances SELECT n, 1000000000 FROM generate_series(0, ${accounts}) n;
  `);
  const until = performance.now() + seconds * 1_000;
  let done = 0;
  const client = async (number: number): Promise<void> => {
    for (let round = 0; performance.now() < until; round++) {
      await oneOrder(db, 1 + ((round * connections + number) % accounts));
      done += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, (_, number) => client(number)));
    return done / seconds;
  } finally {
    await db.raw("DROP SCHEMA naive CASCADE");
  }
}

const house = 0;

async function oneOrder(db: Knex, account: number): Promise<void> {
  const id = randomUUID();
  await db.transaction(async (trx) => {
    await trx.raw("SELECT posted FROM naive.balances WHERE id = ? FOR UPDATE", [account]);
    await trx.raw("INSERT INTO naive.orders VALUES (?, ?, ?, 1)", [id, id, account]);
    await trx.raw(
      "INSERT INTO naive.entries (order_id, account, amount) VALUES (?, ?, -62), (?, ?, 62), (?, ?, -10000)",
      [id, account, id, house, id, account],
    );
    await trx.raw(
      `INSERT INTO naive.positions VALUES (?, 'MES', 1)
       ON CONFLICT (account, instrument) DO UPDATE SET lots = naive.positions.lots + 1`,
      [account],
    );
    await trx.raw("UPDATE naive.balances SET posted = posted - 62 WHERE id = ?", [account]);
    await trx.raw("UPDATE naive.balances SET posted = posted + 62 WHERE id = ?", [house]);
  });
}
