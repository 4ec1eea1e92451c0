import type { Namespace, Socket } from "socket.io";
import { roomOfAccount, submissionEvents } from "#contracts/events.ts";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import { messageLimit, watchCost } from "./message-limit.ts";
import type { StreamRooms } from "./stream-room.ts";
import { notLoggedIn, submissions, tooManyMessages } from "./submissions.ts";
import { watch } from "./watch.ts";

/** Who a socket belongs to; a socket without a token only watches prices. */
interface Session {
  readonly token: string;
  trader: TraderIdentity;
}

type Ack = (reply: unknown) => void;

const socketsPerTraderMax = 5;
const recheckEveryMs = 60_000;
const tokenCharsMax = 4_096;
/** setTimeout takes no longer wait; later expiries are caught by the recheck. */
const timerMsMax = 2_000_000_000;

const traderRoom = (traderId: string): string => `trader:${traderId}`;

/** The namespace `/`: traders and guests. Answers what stops it and how many submissions are being answered. */
export function serveTraders(ports: GatewayPorts, namespace: Namespace, streams: StreamRooms) {
  const sessions = new Map<Socket, Session>();
  let answering = 0;

  namespace.use((socket, next) => {
    const { accessToken } = socket.handshake.auth;
    if (accessToken === undefined || accessToken === null || accessToken === "") return next();
    if (typeof accessToken !== "string" || accessToken.length > tokenCharsMax) return next(unauthorised());
    ports.authenticate(accessToken).then(
      (trader) => {
        if (trader === null) return next(unauthorised());
        sessions.set(socket, { token: accessToken, trader });
        next();
      },
      (error: unknown) => {
        ports.log.error({ err: error }, "a socket could not be authenticated");
        next(new Error("The server cannot check the login now."));
      },
    );
  });

  const end = (socket: Socket, code: string): void => {
    socket.emit("session-ended", { code });
    socket.disconnect(true);
  };
  /** The session as it is now; ends the socket when it is over. */
  const recheck = async (socket: Socket, code = "SESSION_ENDED"): Promise<TraderIdentity | null> => {
    const session = sessions.get(socket);
    if (session === undefined) return null;
    const trader = await ports.authenticate(session.token);
    if (trader === null) end(socket, code);
    else session.trader = trader;
    return trader;
  };
  const recheckAll = (sockets: Iterable<Socket>, code?: string): void => {
    for (const socket of sockets)
      recheck(socket, code).catch((error: unknown) =>
        ports.log.warn({ err: error }, "a socket could not be rechecked"),
      );
  };
  const rechecking = setInterval(() => recheckAll(sessions.keys()), recheckEveryMs);
  rechecking.unref();

  const submit = async (socket: Socket, ack: Ack, run: (trader: TraderIdentity) => Promise<unknown>): Promise<void> => {
    answering += 1;
    try {
      const trader = await recheck(socket);
      ack(trader === null ? notLoggedIn : await run(trader));
    } catch (error) {
      ports.log.error({ err: error }, "a message from a socket failed");
      ack({ status: 503, code: "TRY_AGAIN", message: "This could not be done now; try again." });
    } finally {
      answering -= 1;
    }
  };

  namespace.on("connection", (socket) => {
    guardMessages(ports, socket);
    const session = sessions.get(socket);
    if (session !== undefined) {
      const { trader } = session;
      void socket.join([traderRoom(trader.traderId), ...trader.accountIds.map(roomOfAccount)]);
      dropOldest(namespace, trader.traderId, (old) => end(old, "TOO_MANY_SOCKETS"));
      const leftMs = trader.expiresAt.getTime() - ports.clock.now().getTime();
      const expiry = setTimeout(() => end(socket, "SESSION_EXPIRED"), Math.min(Math.max(0, leftMs), timerMsMax));
      socket.on("disconnect", () => clearTimeout(expiry));
    }
    socket.on("disconnect", () => sessions.delete(socket));
    socket.on("ping", (ack: Ack) => ack(ports.clock.now().getTime()));
    socket.on("watch", (request: unknown, ack: Ack) => {
      watch(ports, streams, socket, request).then(ack, (error: unknown) => {
        ports.log.error({ err: error }, "a watch failed");
        ack({ status: 400, code: "TRY_AGAIN", message: "The snapshot can't be read now; try again." });
      });
    });
    for (const event of submissionEvents)
      socket.on(event, (request: unknown, ack: Ack) => {
        void submit(socket, ack, (trader) => submissions[event](ports, trader, request));
      });
  });

  return {
    answering: () => answering,
    /** A trader's session was ended: those of his sockets that belong to it are told and cut. */
    sessionEnded: (traderId: string, code: string): void => {
      const ids = namespace.adapter.rooms.get(traderRoom(traderId)) ?? [];
      const sockets = [...ids].flatMap((id) => namespace.sockets.get(id) ?? []);
      // After all hearers of the announcement: the session cache is among them.
      setImmediate(() => recheckAll(sockets, code));
    },
    stop: () => clearInterval(rechecking),
  };
}

/** Every event has its arguments, ends in an ack and keeps to the rate; the rest never reaches a handler. */
function guardMessages(ports: GatewayPorts, socket: Socket): void {
  const argumentsOf: Readonly<Record<string, number>> = {
    ping: 0,
    watch: 1,
    ...Object.fromEntries(submissionEvents.map((event) => [event, 1])),
  };
  const allowance = messageLimit(ports.clock.elapsedMs);
  socket.use(([event, ...given], next) => {
    const allowed = allowance(event === "watch" ? watchCost : 1);
    if (allowed === "cut-off") {
      socket.disconnect(true);
      return;
    }
    const ack: unknown = given.at(-1);
    const wanted = argumentsOf[event];
    if (typeof ack !== "function") return;
    if (allowed === "too-many") ack(tooManyMessages);
    else if (wanted === undefined || given.length !== wanted + 1)
      ack({ status: 400, code: "UNKNOWN_EVENT", message: "There is no such event, or it has other arguments." });
    else next();
  });
}

function dropOldest(namespace: Namespace, traderId: string, drop: (socket: Socket) => void): void {
  const ids = [...(namespace.adapter.rooms.get(traderRoom(traderId)) ?? [])];
  for (const id of ids.slice(0, Math.max(0, ids.length - socketsPerTraderMax))) {
    const socket = namespace.sockets.get(id);
    if (socket !== undefined) drop(socket);
  }
}

const unauthorised = (): Error =>
  Object.assign(new Error("unauthorised: log in again"), { data: { status: 401, code: "NOT_LOGGED_IN" } });
