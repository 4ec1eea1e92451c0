import type { LinkState } from "#contracts/link-names.ts";
import { confirmGroup, decideLink, setMainAccount } from "../capabilities/account-links/index.ts";
import type { Announcement } from "../platform/realtime/announcement.ts";
import type { Command, Commands } from "../resources/index.ts";
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
    "set-main": async (work, _actor, { id, input }) => {
      const main = { id, traderId: String(input.traderId), reason: String(input.reason) };
      const done = await setMainAccount(work, announce, main);
      return done.ok ? done : refusedAt(done.refusal);
    },
  };
}
