import { useEffect, useState } from "react";
import type { WireOrder, WireQuote } from "#contracts/trading-api.ts";

/** What the /desk namespace tells staff. */
export interface DeskListener {
  readonly quote: (quote: WireQuote) => void;
  readonly order: (order: WireOrder) => void;
}

/**
 * Listens to the desk's stream while the page is open; answers whether it is connected now. The client is fetched only when a
 * page needs it and reconnects by itself; until then the page lives on what it polls.
 */
export function useDeskSocket(listener: DeskListener): boolean {
  const [isConnected, setConnected] = useState(false);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let isLeft = false;
    const start = async () => {
      const { io } = await import("socket.io-client");
      if (isLeft) return;
      const socket = io("/desk", { withCredentials: true, transports: ["websocket"] });
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
