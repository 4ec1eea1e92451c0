import type { LinkState } from "#contracts/link-names.ts";
import { confirmGroup, decideLink, rescoreTrader, setMainAccount } from "../capabilities/account-links/index.ts";
import type { Announcement } from "../platform/realtime/announcement.ts";
import { type Command, type Commands, joined } from "../resources/index.ts";
import { refusedAt } from "./back-office-refusals.ts";

/** What staff decide about two traders who may be one person. */
export function linkCommands(announce: (announcement: Announcement) => void): NonNullable<Commands[string]> {
  const decided =
    (state: LinkState): Command =>
    async (work, actor, { id, input }) => {
      const done = await decideLink(work, announce, actor, { id, state, reason: String(input.reason) });
      return done.ok ? done : refusedAt(done.refusal);
    };
  return {
    confirm: decided("confirmed"),
    household: decided("household"),
    dismiss: decided("dismissed"),
    reopen: decided("open"),
    "confirm-group": async (work, actor, { id, input }) => {
      const done = await confirmGroup(work, announce, actor, { id, reason: String(input.reason) });
      return done.ok ? done : refusedAt(done.refusal);
    },
    rescore: async (work, _actor, { id, current }) => {
      const deps = { db: work.db, readDb: work.db, transact: joined(work) };
      // The link that was asked about stays to be seen, also when it has come to nothing: the next scoring takes it away.
      const pair = [String(current.traderA), String(current.traderB)] as const;
      for (const trader of pair) await rescoreTrader(deps, trader, [pair]);
      work.audit({ action: "rescore", resource: "account-links", objectId: id });
      work.afterCommit(() => announce({ kind: "changed", resource: "account-links", id }));
      return { ok: true, value: null };
    },
    "set-main": async (work, _actor, { id, input }) => {
      const main = { id, traderId: String(input.traderId), reason: String(input.reason) };
      const done = await setMainAccount(work, announce, main);
      return done.ok ? done : refusedAt(done.refusal);
    },
  };
}
