import type { Knex } from "knex";
import { lineOf } from "#core/exposure.ts";
import { coverLines } from "#core/margin.ts";
import { minorUnits } from "#core/units.ts";
import type { Desk } from "./desk.ts";
import { changedLine, writeLines } from "./lines.store.ts";

/** Holds what the accounts' lines need now, as far as their money goes: what one line lets go of may be what another lacks. */
export async function coverAgain(db: Knex, desks: ReadonlyMap<string, Desk>): Promise<void> {
  await writeLines(
    db,
    [...desks.values()].flatMap(({ account, balance, held, exposures, rows }) => {
      const heldForLines = [...exposures.values()].reduce((sum, { marginHeld }) => sum + marginHeld, 0n);
      const required = new Map([...exposures].map(([id, exposure]) => [id, lineOf(exposure)]));
      const lines = coverLines(required, minorUnits(balance - (held - heldForLines)));
      return [...exposures].flatMap(([id, exposure]) =>
        changedLine(account, id, rows.get(id), { ...exposure, marginHeld: lines.get(id) ?? minorUnits(0n) }),
      );
    }),
  );
}
