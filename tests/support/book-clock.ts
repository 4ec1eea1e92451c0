import type { TestDatabase } from "./database.ts";

/** The clock by which a test's database dates transfers, moved by hand; everything else in it keeps the real time. */
export interface BookClock {
  /** Lets it be so late ("2027-03-05 12:00", Chicago) from now on; it runs on from there. */
  readonly set: (at: string) => Promise<void>;
  /** The book date it gives now. */
  readonly today: () => Promise<string>;
}

/**
 * Hangs such a clock into a database, by the rule of the real one (17:00 Chicago, no Saturday or Sunday). Moments of the calendar, by which
 * the next book date is asked for, are read as they are: only what happens within a day after a `set` is moved.
 */
export async function bookClock({ owner }: Pick<TestDatabase, "owner">): Promise<BookClock> {
  await owner.raw(`
    CREATE TABLE test_clock (shows timestamptz NOT NULL, since timestamptz NOT NULL);
    GRANT SELECT ON test_clock TO truewick_app;
    ALTER FUNCTION book_date_began(date) RENAME TO real_book_date_began;
    CREATE FUNCTION real_book_date_of(at timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
      SELECT d + CASE extract(isodow FROM d) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END
      FROM (SELECT ((at AT TIME ZONE 'America/Chicago') + interval '7 hours')::date AS d) s $$;
    CREATE OR REPLACE FUNCTION book_date_of(at timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
      SELECT public.real_book_date_of(coalesce((SELECT t.shows + (at - t.since) FROM public.test_clock t
        WHERE t.since <= at AND at < t.since + interval '1 day' ORDER BY t.since DESC LIMIT 1), at)) $$;
    -- The real moment at which the clock showed the date's first: it may lie between two settings, which then skipped it.
    CREATE FUNCTION book_date_began(day date) RETURNS timestamptz LANGUAGE sql STABLE AS $$
      WITH calendar AS MATERIALIZED (SELECT public.real_book_date_began(day) AS began)
      SELECT coalesce((SELECT min(greatest(since, since + (c.began - shows))) FILTER (WHERE c.began < shows + (upto - since))
        FROM (SELECT *, lead(since, 1, since + interval '1 day') OVER (ORDER BY since) AS upto FROM public.test_clock) t), c.began)
      FROM calendar c $$`);
  return {
    set: async (at) => {
      await owner.raw(
        "INSERT INTO test_clock VALUES (?::timestamp AT TIME ZONE 'America/Chicago', clock_timestamp())",
        [at],
      );
    },
    today: async () => {
      const { rows } = await owner.raw("SELECT book_date_of(clock_timestamp())::text AS day");
      return rows[0].day;
    },
  };
}
