import type { AmendOrderRequest, BracketRequest } from "#contracts/order-requests.ts";
import type { WireOrder, WirePosition } from "#contracts/trading-api.ts";
import type { CommandNote, CommandsController } from "./commands.ts";
import type { TicketController } from "./ticket.ts";

/** What a button or a field of the lists, or a line of the chart, asks for. */
export type DeskCommand =
  | { readonly kind: "close"; readonly position: WirePosition; readonly lots: string }
  | { readonly kind: "reverse"; readonly position: WirePosition }
  | { readonly kind: "bracket"; readonly position: WirePosition; readonly change: BracketRequest }
  | { readonly kind: "amend"; readonly order: WireOrder; readonly change: AmendOrderRequest }
  | { readonly kind: "cancel"; readonly order: WireOrder }
  | { readonly kind: "flatten" | "cancel-all" };

/** Names the button of a command that asks once more. */
export function keyOf(command: DeskCommand): string {
  if (command.kind === "close") return `close ${command.position.id} ${command.lots}`;
  return command.kind === "reverse" ? `reverse ${command.position.id}` : command.kind;
}

/** Carries a command out; those that trade at once, or many, ask once more unless one click is on. */
export async function runCommand(
  command: DeskCommand,
  { ticket, commands }: { ticket: TicketController; commands: CommandsController },
): Promise<CommandNote | null> {
  switch (command.kind) {
    case "cancel":
      return commands.cancel(command.order);
    case "amend":
      return commands.amend(command.order, command.change);
    case "bracket":
      return commands.bracket(command.position, command.change);
  }
  if (!ticket.confirms(keyOf(command))) return null;
  switch (command.kind) {
    case "close":
      await ticket.close(command.position, command.lots);
      return null;
    case "reverse":
      await ticket.reverse(command.position);
      return null;
    case "flatten":
      return commands.flatten();
    case "cancel-all":
      return commands.cancelAll();
  }
}

/** A quarter and a half of the lots, where they are whole and not nothing. */
export function parts(lots: string): readonly { readonly share: "¼" | "½"; readonly lots: string }[] {
  const all = BigInt(lots);
  const [quarter, half] = [all / 4n, all / 2n];
  return [
    ...(quarter > 0n ? [{ share: "¼" as const, lots: quarter.toString() }] : []),
    ...(half > 0n ? [{ share: "½" as const, lots: half.toString() }] : []),
  ];
}
