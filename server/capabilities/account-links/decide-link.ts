import type { LinkState } from "#contracts/link-names.ts";
import { contradiction, groupLinks } from "#core/link-clusters.ts";
import { strongFrom } from "#core/link-weights.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { writeClusters, writeMain } from "./clusters.store.ts";
import { findLink, type LinkRow, linksAmong, lockLinks, reachOf, writeGroups } from "./links.store.ts";

export type LinkRefusal =
  | "UNKNOWN_LINK"
  | "LINK_DECIDED_SO"
  | "LINK_CONTRADICTS"
  | "NOT_ONE_CLUSTER"
  | "NOTHING_TO_CONFIRM";

export interface LinkDecision {
  readonly id: string;
  readonly state: LinkState;
  readonly reason: string;
}

type Announce = (announcement: Announcement) => void;

/**
 * What a person says about two traders. `confirmed`: they are one person, and from the commit on limits and commissions count them as one;
 * nobody is locked by it. `household` and `dismissed` keep them apart, `open` takes the decision back. The score and the evidence that it
 * was decided on are kept. Refused when it says something else than what others that were confirmed come to.
 */
export async function decideLink(
  work: Work,
  announce: Announce,
  actor: Actor,
  { id, state, reason }: LinkDecision,
): Promise<Result<null, LinkRefusal>> {
  const { db } = work;
  await lockLinks(db);
  const link = await findLink(db, id);
  if (link === undefined) return refuse("UNKNOWN_LINK");
  if (link.state === state) return refuse("LINK_DECIDED_SO");
  return decideAll(work, announce, actor, { links: [link], state, reason });
}

/** Confirms every open strong link of the group that this link is in: all of them are one person. */
export async function confirmGroup(
  work: Work,
  announce: Announce,
  actor: Actor,
  { id, reason }: Omit<LinkDecision, "state">,
): Promise<Result<null, LinkRefusal>> {
  const { db } = work;
  await lockLinks(db);
  const link = await findLink(db, id);
  if (link === undefined) return refuse("UNKNOWN_LINK");
  const links = await db<LinkRow>("account_links")
    .where({ group_id: link.group_id, state: "open" })
    .where("score", ">=", strongFrom)
    .orderBy(["trader_a", "trader_b"]);
  if (link.group_id === null || links.length === 0) return refuse("NOTHING_TO_CONFIRM");
  return decideAll(work, announce, actor, { links, state: "confirmed", reason });
}

/** Says which of a confirmed cluster's accounts is the one the person is to go on with. */
export async function setMainAccount(
  work: Work,
  announce: Announce,
  { id, traderId, reason }: { readonly id: string; readonly traderId: string; readonly reason: string },
): Promise<Result<null, LinkRefusal>> {
  const { db, audit } = work;
  await lockLinks(db);
  const link = await findLink(db, id);
  if (link === undefined) return refuse("UNKNOWN_LINK");
  if (!(await writeMain(db, traderId, link.trader_a))) return refuse("NOT_ONE_CLUSTER");
  const about = { resource: "account-links", objectId: id, tenantId: link.tenant_id };
  audit({ action: "set-main", ...about, after: { traderId }, reason });
  work.afterCommit(() => announce({ kind: "changed", resource: "account-links", id }));
  return ok(null);
}

interface Decided {
  readonly links: readonly LinkRow[];
  readonly state: LinkState;
  readonly reason: string;
}

async function decideAll(
  work: Work,
  announce: Announce,
  actor: Actor,
  decided: Decided,
): Promise<Result<null, LinkRefusal>> {
  const { db } = work;
  const decidedIds = new Set(decided.links.map(({ id }) => id));
  const named = decided.links.flatMap(({ trader_a, trader_b }) => [trader_a, trader_b]);
  const before = await linksAmong(db, await reachOf(db, named));
  const foreseen = before.map((link) => (decidedIds.has(link.id) ? { ...link, state: decided.state } : link));
  if (contradiction(foreseen) !== null) return refuse("LINK_CONTRADICTS");
  for (const link of decided.links) await writeDecision(work, actor, link, decided);
  const traders = await reachOf(db, named);
  const links = await linksAmong(db, traders);
  await writeGroups(db, traders, groupLinks(links));
  const accountIds = await writeClusters(db, traders, links);
  work.afterCommit(() => {
    for (const id of decidedIds) announce({ kind: "changed", resource: "account-links", id });
    // What they may lose is one from now on, or no longer: the loss watch weighs them anew.
    for (const accountId of accountIds) announce({ kind: "settled", accountId, orderIds: [] });
  });
  return ok(null);
}

/** As the commands are called: the audit log tells them by their labels. */
const actionOf = { open: "reopen", household: "household", confirmed: "confirm", dismissed: "dismiss" } as const;

async function writeDecision(
  { db, audit }: Work,
  actor: Actor,
  link: LinkRow,
  { state, reason }: Omit<Decided, "links">,
): Promise<void> {
  const now = db.raw("clock_timestamp()");
  const kept = { state, reason, decided_by: actor.name, decided_at: now };
  await db("account_links")
    .where({ id: link.id })
    .update({ ...kept, version: db.raw("version + 1") });
  await db("account_link_decisions").insert({
    ...{ tenant_id: link.tenant_id, trader_a: link.trader_a, trader_b: link.trader_b, score: link.score },
    ...{ evidence: JSON.stringify(link.evidence), weights_version: link.weights_version },
    ...{ ...kept, decided_by_id: actor.id },
  });
  audit({
    ...{ action: actionOf[state], resource: "account-links", objectId: link.id },
    ...{ tenantId: link.tenant_id, before: { state: link.state }, after: { state, score: link.score }, reason },
  });
}
