import type { DepositChannel } from "#core/deposit-channel.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { bankChannel } from "./bank-channel.ts";

export interface DepositDeps {
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  readonly clock: Pick<Clock, "now">;
  /** At most one for each partner and channel; the bank is everywhere. */
  readonly channels: readonly DepositChannel[];
}

export const findChannel = (
  { channels }: Pick<DepositDeps, "channels">,
  of: { readonly channel: string; readonly tenantId: number },
): DepositChannel | undefined =>
  of.channel === "bank"
    ? bankChannel(of.tenantId)
    : channels.find(({ channel, tenantId }) => channel === of.channel && tenantId === of.tenantId);
