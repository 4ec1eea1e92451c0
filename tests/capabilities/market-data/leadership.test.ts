import { expect, test } from "@jest/globals";
import { becomeLeader } from "../../../server/capabilities/market-data/index.ts";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { wireTo } from "../../faults/order-flow.ts";

const url = process.env.DATABASE_URL ?? "";

test("asking to lead while the database goes away keeps no connection of the pool", async () => {
  const over = await wireTo(url, 5432);
  const db = connectDatabase({ url: over.url, applicationName: "leader", poolMax: 2, statementTimeoutMs: 5_000 });
  for (let time = 0; time < 5; time++) {
    await db.raw("SELECT 1");
    // Cut in the middle of the question, when the connection is already taken from the pool.
    over.wire.trap({ sent: [/pg_try_advisory_lock/], answered: false }, () => {});
    await expect(becomeLeader(db, "leadership test", new AbortController().signal)).rejects.toThrow();
  }
  const leadership = await becomeLeader(db, "leadership test", new AbortController().signal);
  expect(leadership).not.toBeNull();
  await leadership?.release();
  await db.destroy();
  await over.wire.close();
}, 30_000);
