import type { Socket } from "socket.io";
import {
  type ExposureAnswer,
  type ExposureNews,
  type ExposureRequest,
  exposureRequest,
  exposureRoles,
} from "#contracts/exposure.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { Result } from "#core/result.ts";
import { fieldErrors } from "../http/problem.ts";

/** Tells the whole of a view first, then what changes, until `stop`. `tell` answers whether it was taken. */
export type WatchExposure = (
  viewer: StaffIdentity,
  request: ExposureRequest,
  tell: (news: ExposureNews) => boolean,
) => Result<{ readonly stop: () => void }, "TOO_MANY_VIEWS">;

export interface DeskExposure {
  /** Replaces what the socket watched before. */
  readonly ask: (socket: Socket, staff: StaffIdentity, request: unknown) => ExposureAnswer;
  readonly left: (socket: Socket) => void;
}

/** The exposure desk's part of `/desk`: one view a socket. A socket whose line is full is left out, and told everything when it is free again. */
export function deskExposure(watch: WatchExposure): DeskExposure {
  const stops = new Map<Socket, () => void>();
  const left = (socket: Socket): void => {
    stops.get(socket)?.();
    stops.delete(socket);
  };
  return {
    left,
    ask: (socket, staff, request) => {
      if (!exposureRoles.includes(staff.role))
        return { status: 403, code: "FORBIDDEN", message: "Your role may not see this." };
      const parsed = exposureRequest.safeParse(request);
      if (!parsed.success)
        return {
          ...{ status: 422, code: "INVALID_REQUEST", message: "Some fields are missing, unknown or malformed." },
          errors: fieldErrors(parsed.error),
        };
      left(socket);
      const watching = watch(staff, parsed.data, (news) => {
        if (!socket.conn.transport.writable) return false;
        socket.emit("exposure", news);
        return true;
      });
      if (!watching.ok)
        return { status: 503, code: watching.refusal, message: "Too many views are open. Try again in a moment." };
      stops.set(socket, watching.value.stop);
      return { status: 200 };
    },
  };
}
