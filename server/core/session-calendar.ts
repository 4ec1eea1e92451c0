/** A local time of a weekday; 0 is Sunday. */
export interface WeekTime {
  readonly weekday: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  /** "HH:MM" in the calendar's zone. */
  readonly time: string;
}

/** One trading session of the week, in force on the local dates [validFrom, validTo] of its opening. */
export interface SessionRule {
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly open: WeekTime;
  readonly close: WeekTime;
}

/** A trade date that is closed, or that closes early (`closesAt`, "HH:MM" local). */
export interface Holiday {
  readonly date: string;
  readonly name: string;
  readonly closesAt: string | null;
}

/** When an instrument trades. Local times of `zone`; a new trade date begins at `tradeDateCut`. */
export interface SessionCalendar {
  readonly id: string;
  readonly zone: string;
  /** "HH:MM": trading from here on counts for the next date. "00:00": the trade date is the calendar date. */
  readonly tradeDateCut: string;
  readonly sessions: readonly SessionRule[];
  readonly holidays: readonly Holiday[];
}
