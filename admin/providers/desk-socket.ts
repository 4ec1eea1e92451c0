import { useEffect, useRef, useState } from "react";
import type { Socket } from "socket.io-client";
import type { DeskEvents } from "#contracts/events.ts";
import type { ExposureAnswer } from "#contracts/exposure.ts";
import type { WireOrder, WireQuote } from "#contracts/trading-api.ts";

/** What the desk may ask for over its socket. */
interface DeskRequests {
  exposure: (request: object, ack: (answer: ExposureAnswer) => void) => void;
}
export type DeskSocket = Socket<DeskEvents, DeskRequests>;

/** Connects to `/desk`. The client is fetched only when a page needs it, and reconnects by itself. */
export async function connectDesk(): Promise<DeskSocket> {
  const { io } = await import("socket.io-client");
  return io("/desk", { withCredentials: true, transports: ["websocket"] });
}

/** What the /desk namespace tells staff. */
export interface DeskListener {
  readonly quote: (quote: WireQuote) => void;
  readonly order: (order: WireOrder) => void;
}

/** Listens to the desk's stream while the page is open; answers whether it is connected now. Until then the page lives on what it polls. */
export function useDeskSocket(listener: DeskListener): boolean {
  const [isConnected, setConnected] = useState(false);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let isLeft = false;
    const start = async () => {
      const socket = await connectDesk();
      if (isLeft) return void socket.disconnect();
      socket.on("connect", () => setConnected(true));
      socket.on("disconnect", () => setConnected(false));
      socket.on("quote", listener.quote);
      socket.on("order", listener.order);
      stop = () => socket.disconnect();
    };
    void start();
    return () => {
      isLeft = true;
      stop?.();
    };
  }, [listener]);
  return isConnected;
}

type DeskChange = Parameters<DeskEvents["changed"]>[0];

/**
 * Hears which records have changed, while there is somebody to hear it (null: nobody). What it is told after a (new) connection is null:
 * news may have been missed.
 */
export function useDeskChanges(heard: ((what: DeskChange | null) => void) | null): void {
  const latest = useRef(heard);
  latest.current = heard;
  const isHeard = heard !== null;
  useEffect(() => {
    if (!isHeard) return;
    let stop: (() => void) | null = null;
    let isLeft = false;
    const start = async () => {
      const socket = await connectDesk();
      if (isLeft) return void socket.disconnect();
      socket.on("connect", () => latest.current?.(null));
      socket.on("changed", (what) => latest.current?.(what));
      stop = () => socket.disconnect();
    };
    void start();
    return () => {
      isLeft = true;
      stop?.();
    };
  }, [isHeard]);
}
