import { systemActor, type Transact } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

interface DuePeriod {
  id: string;
  tenant_id: number;
  name: string;
  from_date: string;
  to_date: string;
}

/** A schedule's periods that one look may ask for, where it was away for long; what is left waits for the next. */
const roundsMax = 40;

/**
 * The next period of each active schedule, where its last date is closed: from the date after the one covered last, or the schedule's
 * first, to the end of that day, week or month. A week or month is over when the next book date to be closed lies behind it.
 */
const dueSql = `SELECT s.id, s.tenant_id, s.name, to_char(p.from_date, 'YYYY-MM-DD') AS from_date, to_char(p.to_date, 'YYYY-MM-DD') AS to_date
  FROM export_schedules s JOIN closed_books b ON b.tenant_id = s.tenant_id
    CROSS JOIN LATERAL (
      SELECT coalesce((SELECT next_book_date(max(e.to_date)) FROM exports e WHERE e.schedule_id = s.id), s.starts_on) AS from_date) f
    CROSS JOIN LATERAL (
      SELECT f.from_date, CASE s.period WHEN 'day' THEN f.from_date WHEN 'week' THEN date_trunc('week', f.from_date)::date + 6
        ELSE (date_trunc('month', f.from_date) + interval '1 month - 1 day')::date END AS to_date) p
  WHERE s.is_active AND next_book_date(b.closed_through) > p.to_date ORDER BY s.id`;

/**
 * Asks for the exports whose period is over, each once however many look and however long nobody did: the database refuses a second one of
 * the same period. Returns how many were asked for.
 */
export async function scheduleExports({ transact }: { readonly transact: Transact }): Promise<number> {
  let asked = 0;
  for (let round = 0; round < roundsMax; round++) {
    const some = await transact(systemActor, async ({ db, audit }) => {
      const { rows } = await db.raw<{ rows: DuePeriod[] }>(dueSql);
      let made = 0;
      for (const { id: scheduleId, tenant_id: tenantId, name, from_date: fromDate, to_date: toDate } of rows) {
        const id = newId();
        const inserted = await db.raw<{ rows: unknown[] }>(
          `INSERT INTO exports (id, tenant_id, report, book, from_date, to_date, profile, separator, time_zone, requested_by_id, requested_by, schedule_id)
           SELECT ?, s.tenant_id, s.report, s.book, ?::date, ?::date, s.profile, s.separator, s.time_zone, s.id, s.name, s.id
           FROM export_schedules s WHERE s.id = ? ON CONFLICT (schedule_id, from_date) WHERE schedule_id IS NOT NULL DO NOTHING RETURNING id`,
          [id, fromDate, toDate, scheduleId],
        );
        if (inserted.rows.length === 0) continue;
        made += 1;
        audit({
          action: "request",
          resource: "exports",
          objectId: id,
          tenantId,
          after: { schedule: name, fromDate, toDate },
        });
      }
      return made;
    });
    if (some === 0) return asked;
    asked += some;
  }
  return asked;
}
