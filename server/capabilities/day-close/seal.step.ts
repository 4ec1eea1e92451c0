import type { Knex } from "knex";
import { type BookStream, bookHeadText, bookStreams, type SignedBookBlock } from "#core/book-block.ts";
import { type KeptHead, verifyBookSeals } from "../proofs/index.ts";
import type { CloseStep, ClosingDate, StepAnswer } from "./step.ts";

/**
 * Seals the books up to the date's end, and verifies the blocks since the last close that did so: a row of them that was changed stops the
 * close. The blocks are all partners': one that another partner's close has looked at is not looked at again.
 */
export const seal: CloseStep = {
  name: "seal",
  prepare: async ({ db, sealBooks, crypto }, date): Promise<StepAnswer> => {
    const heads = await sealBooks();
    if (await isUnsealed(db, date, heads)) return { outcome: "waits", for: "sealing", until: null };
    const last = await headsOfLastClose(db);
    const { faults } = await verifyBookSeals(db, crypto, last, last);
    return faults.length > 0
      ? { outcome: "broken", figures: { faults: faults.slice(0, faultsShown) } }
      : { outcome: "ready", figures: { heads: heads.map(bookHeadText) } };
  },
  foresee: async (db, { tenantId, bookDate }) => {
    const { rows } = await db.raw<{ rows: { unsealed: bigint }[] }>(
      `SELECT count(*) AS unsealed FROM transfers t WHERE t.tenant_id = ? AND t.book_date = ?::date AND t.xid::text::bigint >=
         coalesce((SELECT until_xid::text::bigint FROM book_blocks WHERE stream = 'transfers' ORDER BY block_no DESC LIMIT 1), 0)`,
      [tenantId, bookDate],
    );
    return { unsealed: `${rows[0]?.unsealed ?? 0n}` };
  },
};

const faultsShown = 5;

/** Whether a transfer of the date is in no block yet: a transaction older than its own is still under way. */
async function isUnsealed(
  db: Knex,
  { tenantId, bookDate }: ClosingDate,
  heads: readonly SignedBookBlock[],
): Promise<boolean> {
  const until = heads.find(({ stream }) => stream === "transfers")?.untilXid ?? "0";
  const { rows } = await db.raw<{ rows: { unsealed: boolean }[] }>(
    `SELECT EXISTS (SELECT FROM transfers WHERE tenant_id = ? AND book_date = ?::date AND xid::text::bigint >= ?::bigint) AS unsealed`,
    [tenantId, bookDate, until],
  );
  return rows[0]?.unsealed !== false;
}

/** Where the chains stood when a close verified them last, whoever's it was; empty: none has. */
async function headsOfLastClose(db: Knex): Promise<KeptHead[]> {
  const { rows } = await db.raw<{ rows: { heads: readonly string[] }[] }>(
    `SELECT figures -> 'heads' AS heads FROM day_close_steps WHERE step = 'seal' AND state = 'done' ORDER BY told_at DESC, id DESC LIMIT 1`,
  );
  return (rows[0]?.heads ?? []).flatMap((text) => {
    const [name = "", blockNo = "", hash = ""] = text.split(" ");
    const stream: BookStream | undefined = bookStreams.find((known) => known === name);
    return stream === undefined ? [] : [{ stream, blockNo, hash }];
  });
}
