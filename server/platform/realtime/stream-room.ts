import type { Namespace, Socket } from "socket.io";

/** Events waiting for a socket that does not read; beyond this it is cut off and takes a snapshot when it is back. */
const missedMax = 600;

/**
 * Sends conflated streams: one encoding a room, last wins, at most one send a window. A socket whose line is not free when a window
 * closes is left out, so a slow reader costs no memory; the newest of what it missed follows when its line is free again.
 */
export interface StreamRooms {
  /** Replaces what waits under the same room and key. `make` is called when it is sent. */
  readonly put: (room: string, event: "quote" | "bar", key: string, make: () => object | null) => void;
  /** `streamSeq` of the room's last event. */
  readonly position: (room: string) => number;
  readonly close: () => void;
}

interface Waiting {
  readonly room: string;
  readonly event: "quote" | "bar";
  readonly key: string;
  readonly make: () => object | null;
}

interface Ready {
  readonly event: "quote" | "bar";
  readonly payload: object;
}

export function streamRooms(namespace: Namespace, windowMs: number, elapsedMs: () => number): StreamRooms {
  const positions = new Map<string, number>();
  const missed = new Map<string, Map<string, Ready>>();
  let waiting = new Map<string, Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let sentMs = Number.NEGATIVE_INFINITY;

  const send = (): void => {
    timer = undefined;
    sentMs = elapsedMs();
    const sending = waiting;
    waiting = new Map();
    const behind = [...namespace.sockets.values()].filter(isBehind);
    const behindIds = behind.map((socket) => socket.id);
    for (const { room, event, key, make } of sending.values()) {
      const members = namespace.adapter.rooms.get(room);
      if (members === undefined || members.size === 0) continue;
      const made = make();
      if (made === null) continue;
      const streamSeq = (positions.get(room) ?? 0) + 1;
      positions.set(room, streamSeq);
      const payload = { ...made, streamSeq };
      namespace.to(room).except(behindIds).emit(event, payload);
      for (const socket of behind)
        if (members.has(socket.id)) miss(missed, socket, `${room} ${key}`, { event, payload });
    }
    catchUp(namespace, missed, behindIds);
    if (missed.size > 0) plan();
  };
  const plan = (): void => {
    timer ??= setTimeout(send, Math.max(0, sentMs + windowMs - elapsedMs()));
  };
  return {
    put: (room, event, key, make) => {
      waiting.set(`${room} ${key}`, { room, event, key, make });
      plan();
    },
    position: (room) => positions.get(room) ?? 0,
    close: () => clearTimeout(timer),
  };
}

/** Its transport has not taken the last write to the end: the kernel's buffer is full, or the client is far away. */
const isBehind = (socket: Socket): boolean => !socket.conn.transport.writable;

function miss(missed: Map<string, Map<string, Ready>>, socket: Socket, key: string, ready: Ready): void {
  const of = missed.get(socket.id) ?? new Map<string, Ready>();
  missed.set(socket.id, of);
  of.set(key, ready);
  if (of.size <= missedMax) return;
  missed.delete(socket.id);
  socket.disconnect(true);
}

function catchUp(namespace: Namespace, missed: Map<string, Map<string, Ready>>, behindIds: readonly string[]): void {
  for (const [id, of] of missed) {
    const socket = namespace.sockets.get(id);
    if (socket !== undefined && behindIds.includes(id)) continue;
    missed.delete(id);
    for (const { event, payload } of of.values()) socket?.emit(event, payload);
  }
}
