import type { Socket } from "socket.io";
import { roomOfBars, roomOfInstrument, type WatchReply } from "#contracts/events.ts";
import { type BarsReply, watchEventRequest } from "#contracts/trading-api.ts";
import { fieldErrors } from "../http/problem.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import type { StreamRooms } from "./stream-room.ts";

/**
 * Puts a socket into the rooms of what it asks to watch, out of those it watched before, and answers with the snapshot. It joins
 * first and reads after, so nothing falls between; an event that overtakes the answer is newer than it, by seq or rev.
 */
export async function watch(
  ports: GatewayPorts,
  streams: StreamRooms,
  socket: Socket,
  request: unknown,
): Promise<WatchReply> {
  const parsed = watchEventRequest.safeParse(request);
  if (!parsed.success) {
    const message = "Ask for at most 50 instruments and 20 bar streams.";
    return refused("INVALID_REQUEST", message, fieldErrors(parsed.error));
  }
  const { instruments, bars } = parsed.data;
  const unknown = unknownOf(ports, { instruments, bars: bars.map((stream) => stream.instrument) });
  if (unknown !== null) return unknown;

  const rooms = [
    ...instruments.map(roomOfInstrument),
    ...bars.map(({ instrument, interval }) => roomOfBars(instrument, interval)),
  ];
  for (const room of socket.rooms) if (isStream(room) && !rooms.includes(room)) await socket.leave(room);
  await socket.join(rooms);
  const positions = Object.fromEntries(rooms.map((room) => [room, streams.position(room)]));

  const charts = await Promise.all(bars.map(({ instrument, interval }) => ports.bars(instrument, interval)));
  const sentAtMs = ports.clock.now().getTime();
  const quotes = [...new Set(instruments)].flatMap((id) => {
    const quote = ports.latestQuote(id);
    const wire = quote && ports.wireQuote(quote, sentAtMs);
    return wire ? [wire] : [];
  });
  const known = charts.filter((chart): chart is BarsReply => chart !== null);
  return { status: 200, snapshot: { quotes, bars: known, streams: positions } };
}

const isStream = (room: string): boolean => room.startsWith("quotes:") || room.startsWith("bars:");
const refused = (code: string, message: string, errors: Record<string, string>): WatchReply => ({
  ...{ status: 400, code, message, errors },
});

/** The first instrument that does not exist, refused by where it stands; null: all exist. */
function unknownOf({ hasInstrument }: GatewayPorts, asked: Record<string, readonly string[]>): WatchReply | null {
  for (const [field, ids] of Object.entries(asked))
    for (const [place, id] of ids.entries()) {
      const message = `There is no instrument ${id}.`;
      if (!hasInstrument(id)) return refused("UNKNOWN_INSTRUMENT", message, { [`${field}.${place}`]: message });
    }
  return null;
}
