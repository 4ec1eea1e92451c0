import type { CloseStep } from "./step.ts";

/** From its commit on no transfer enters the date; the database refuses to close a date that is not over by its own clock. */
export const setClosed: CloseStep = {
  name: "set-closed",
  act: async ({ db }, { tenantId, bookDate }) => {
    await db.raw("SELECT close_book(?, ?)", [tenantId, bookDate]);
    return { closedThrough: bookDate };
  },
  foresee: async (db, { tenantId, bookDate }) => {
    const { rows } = await db.raw<{ rows: { over: boolean; closed: boolean }[] }>(
      `SELECT book_date_of(clock_timestamp()) > ?::date AS over,
         EXISTS (SELECT FROM closed_books WHERE tenant_id = ? AND closed_through >= ?::date) AS closed`,
      [bookDate, tenantId, bookDate],
    );
    return { closedThrough: bookDate, isOver: rows[0]?.over ?? false, isClosed: rows[0]?.closed ?? false };
  },
};
