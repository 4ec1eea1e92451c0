import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { WrittenSettings } from "#core/risk-settings.ts";

/** Whom and what a line is about, as its columns. */
export type LineColumns = Readonly<{ scope: string }> & Readonly<Record<string, unknown>>;

/** Puts a line with one version into the risk table, as the operator would. Returns its id. */
export async function putRiskLine(db: Knex, columns: LineColumns, settings: WrittenSettings): Promise<string> {
  const id = randomUUID();
  await db("risk_limits").insert({ id, ...columns });
  await db("risk_limit_versions").insert({
    ...{ limit_id: id, version: 1, settings: JSON.stringify(settings), author: "test" },
  });
  return id;
}

/** Gives a line its next settings, from now on or from later. */
export async function changeRiskLine(db: Knex, id: string, settings: WrittenSettings, from?: Date): Promise<void> {
  const [{ version }] = await db("risk_limits").where({ id }).increment("version", 1).returning("version");
  await db("risk_limit_versions").insert({
    ...{ limit_id: id, version, settings: JSON.stringify(settings), author: "test" },
    ...(from === undefined ? {} : { effective_at: from }),
  });
}

/** Takes away what every line says. */
export async function clearRiskTable(db: Knex): Promise<void> {
  for (const { id } of await db("risk_limits").select("id")) await changeRiskLine(db, id, {});
}
