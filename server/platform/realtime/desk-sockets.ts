import type { Namespace, Socket } from "socket.io";
import { deskRoom } from "#contracts/events.ts";
import type { ExposureAnswer } from "#contracts/exposure.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { WireOrder, WireQuote } from "#contracts/trading-api.ts";
import type { Quote } from "#core/quote.ts";
import { deskExposure } from "./desk-exposure.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import { isOwnOrigin } from "./handshake.ts";
import { messageLimit, watchCost } from "./message-limit.ts";
import type { StreamRooms } from "./stream-room.ts";

const flowEveryMs = 1_000;
const recheckEveryMs = 30_000;

/** Staff of the house itself, who may see every partner's orders. Others of a role see prices only here. */
const houseRoom = "desk:house";

/**
 * The namespace `/desk`: the back office by its cookie, from its own origin only. It listens; all it may ask for is a view of the
 * exposure desk.
 */
export function serveDesk(ports: GatewayPorts, namespace: Namespace, streams: StreamRooms) {
  const staffOf = new Map<Socket, StaffIdentity>();
  const exposure = deskExposure(ports.desk.exposure);

  namespace.use((socket, next) => {
    const { request } = socket;
    if (request.headers.origin !== undefined && !isOwnOrigin(request)) return next(refused());
    ports.desk.authenticate(request.headers).then(
      (staff) => {
        if (staff === null) return next(refused());
        staffOf.set(socket, staff);
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
    const staff = staffOf.get(socket);
    const allow = messageLimit(ports.clock.elapsedMs);
    socket.on("disconnect", () => {
      exposure.left(socket);
      staffOf.delete(socket);
    });
    socket.use(([event, , ack], next) => {
      const allowance = allow(watchCost);
      if (event !== "exposure" || typeof ack !== "function" || allowance === "cut-off") socket.disconnect(true);
      else if (allowance === "ok") next();
      else ack({ status: 429, code: "TOO_MANY_REQUESTS", message: "Too many requests. Wait a second." });
    });
    socket.on("exposure", (request: unknown, ack: (answer: ExposureAnswer) => void) => {
      if (staff !== undefined) ack(exposure.ask(socket, staff, request));
    });
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
  const rechecking = setInterval(() => recheck([...staffOf.keys()], "SESSION_ENDED"), recheckEveryMs);
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
    changed: (resource: string, id: string | null): void => {
      if (resource === "kill-switches") namespace.to(deskRoom).emit("changed", { resource });
      if (resource === "risk-rehearsals" && id !== null) namespace.to(houseRoom).emit("changed", { resource, id });
    },
    isWatchingOrders: (): boolean => namespace.adapter.rooms.has(houseRoom),
    sessionEnded: (staffId: string, code: string): void => {
      const sockets = [...staffOf].filter(([, staff]) => staff.staffId === staffId).map(([socket]) => socket);
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
