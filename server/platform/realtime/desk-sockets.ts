import type { Namespace, Socket } from "socket.io";
import { deskRoom } from "#contracts/events.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { WireOrder, WireQuote } from "#contracts/trading-api.ts";
import type { Quote } from "#core/quote.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import { isOwnOrigin } from "./handshake.ts";
import type { StreamRooms } from "./stream-room.ts";

const flowEveryMs = 1_000;
const recheckEveryMs = 30_000;

/** Staff of the house itself, who may see every partner's orders. Others of a role see prices only here. */
const houseRoom = "desk:house";

/** The namespace `/desk`: the back office by its cookie, from its own origin only. It listens, it never asks. */
export function serveDesk(ports: GatewayPorts, namespace: Namespace, streams: StreamRooms) {
  const staffIds = new Map<Socket, string>();

  namespace.use((socket, next) => {
    const { request } = socket;
    if (request.headers.origin !== undefined && !isOwnOrigin(request)) return next(refused());
    ports.desk.authenticate(request.headers).then(
      (staff) => {
        if (staff === null) return next(refused());
        staffIds.set(socket, staff.staffId);
        if (seesEveryOrder(staff)) void socket.join(houseRoom);
        next();
      },
      (error: unknown) => {
        ports.log.error({ err: error }, "a desk socket could not be authenticated");
        next(new Error("The server cannot check the login now."));
      },
    );
  });
  namespace.on("connection", (socket) => {
    void socket.join(deskRoom);
    socket.on("disconnect", () => staffIds.delete(socket));
    socket.use(() => socket.disconnect(true));
  });

  const recheck = (sockets: readonly Socket[], code: string): void => {
    for (const socket of sockets)
      ports.desk.authenticate(socket.request.headers).then(
        (staff) => {
          if (staff !== null) return;
          socket.emit("session-ended", { code });
          socket.disconnect(true);
        },
        (error: unknown) => ports.log.warn({ err: error }, "a desk socket could not be rechecked"),
      );
  };
  const rechecking = setInterval(() => recheck([...staffIds.keys()], "SESSION_ENDED"), recheckEveryMs);
  let isAsking = false;
  const flowing = setInterval(() => {
    if (isAsking || !namespace.adapter.rooms.has(houseRoom)) return;
    isAsking = true;
    ports.desk
      .flow()
      .then((flow) => namespace.to(houseRoom).emit("flow", flow))
      .catch((error: unknown) => ports.log.warn({ err: error }, "the desk's figures can't be read"))
      .finally(() => {
        isAsking = false;
      });
  }, flowEveryMs);
  for (const timer of [rechecking, flowing]) timer.unref();

  return {
    quote: (quote: Quote, make: () => WireQuote | null): void =>
      streams.put(deskRoom, "quote", quote.instrumentId, make),
    orders: (orders: readonly WireOrder[]): void => {
      for (const order of orders) namespace.to(houseRoom).emit("order", order);
    },
    isWatchingOrders: (): boolean => namespace.adapter.rooms.has(houseRoom),
    sessionEnded: (staffId: string, code: string): void => {
      const sockets = [...staffIds].filter(([, id]) => id === staffId).map(([socket]) => socket);
      setImmediate(() => recheck(sockets, code));
    },
    stop: () => {
      clearInterval(rechecking);
      clearInterval(flowing);
    },
  };
}

const seesEveryOrder = (staff: StaffIdentity): boolean => staff.tenantId === null && staff.agentId === null;

const refused = (): Error =>
  Object.assign(new Error("unauthorised: log in again"), { data: { status: 401, code: "NOT_LOGGED_IN" } });
