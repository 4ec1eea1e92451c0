import type { Knex } from "knex";
import type { Bus } from "../platform/realtime/announcement.ts";

export interface PartnerOrigins {
  /** Whether this exact origin (scheme, host, port) belongs to an active partner. */
  readonly isAllowed: (origin: string) => boolean;
  readonly close: () => void;
}

/** In case an announcement was lost. */
const lookAgainMs = 60_000;

/** The registered origins of all active partners, in memory, read again when a partner changes. */
export async function loadPartnerOrigins(deps: {
  readonly db: Knex;
  readonly bus: Bus;
  readonly onError: (error: unknown) => void;
}): Promise<PartnerOrigins> {
  let origins = new Set<string>();
  const read = async (): Promise<void> => {
    const rows = await deps.db("partners").where({ state: "active" }).select("origins");
    origins = new Set(rows.flatMap((row: { origins: string[] }) => row.origins));
  };
  const readAgain = (): void => void read().catch(deps.onError);
  await read();
  const timer = setInterval(readAgain, lookAgainMs);
  timer.unref();
  const unsubscribe = deps.bus.subscribe((announcement) => {
    if (announcement.kind === "changed" && announcement.resource === "partners") readAgain();
  });
  return {
    isAllowed: (origin) => origins.has(origin),
    close: () => {
      clearInterval(timer);
      unsubscribe();
    },
  };
}
