import type { LinkState } from "#contracts/link-names.ts";
import { confirmGroup, decideLink } from "../../../server/capabilities/account-links/index.ts";
import { type Actor, systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import type { Announcement } from "../../../server/platform/realtime/announcement.ts";
import type { TestDatabase } from "../../support/database.ts";

export const ann: Actor = { ...systemActor, kind: "staff", id: "00000000-0000-4000-8000-00000000a77a", name: "Ann" };

/** A stored link of two traders, as a rescoring leaves it. */
export async function aLink(db: TestDatabase, one: string, other: string, score = 0.9): Promise<string> {
  const [trader_a, trader_b] = one < other ? [one, other] : [other, one];
  const [row] = await db
    .app("account_links")
    .insert({ trader_a, trader_b, score, evidence: "[]", weights_version: 1 })
    .returning("id");
  return row.id;
}

export const decide = (
  db: TestDatabase,
  id: string,
  state: LinkState,
  announce: (announcement: Announcement) => void = () => {},
) => transactor(db.app)(ann, (work) => decideLink(work, announce, ann, { id, state, reason: "looked at" }));

export const confirmAll = (db: TestDatabase, id: string) =>
  transactor(db.app)(ann, (work) => confirmGroup(work, () => {}, ann, { id, reason: "one person" }));
