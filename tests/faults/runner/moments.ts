import type { Moment } from "../../support/tcp-proxy.ts";

/** A transaction that settles: its fills are written, it is not committed. */
export const insideSettling: Moment = { sent: [/INSERT INTO fills/], answered: false };
/** A transaction that settles has been committed, and nobody in Node knows. */
export const afterSettling: Moment = { sent: [/INSERT INTO fills/, /COMMIT;/], answered: true };
/** A transaction that accepts has been committed, and nobody in Node knows: nothing was put into the queue. */
export const afterAccepting: Moment = { sent: [/INSERT INTO outbox/, /COMMIT;/], answered: true };
