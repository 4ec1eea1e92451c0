import { chainChannels } from "#contracts/payment-names.ts";
import type { DepositChannel } from "#core/deposit-channel.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Transact } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { silentChannel } from "./silent-channel.ts";

export interface DepositDeps {
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  readonly clock: Pick<Clock, "now">;
  /** At most one for each partner and channel; banks and chains need none. */
  readonly channels: readonly DepositChannel[];
}

export function findChannel(
  { channels }: Pick<DepositDeps, "channels">,
  of: { readonly channel: string; readonly tenantId: number },
): DepositChannel | undefined {
  const silent = (["bank", ...chainChannels] as const).find((channel) => channel === of.channel);
  if (silent !== undefined) return silentChannel(silent, of.tenantId);
  return channels.find(({ channel, tenantId }) => channel === of.channel && tenantId === of.tenantId);
}
