import http from "node:http";
import { io, type Socket } from "socket.io-client";
import type { AccountNews } from "#contracts/events.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import type { LoadTrader } from "../traders.ts";
import type { Transport } from "./messages.ts";

/** A trader's socket and how he submits orders. */
export interface LoadClient {
  readonly submit: (transport: Transport, order: Record<string, string>) => Promise<{ status: number; code: string }>;
  /** Hears of each of his orders that has ended; one hearer at a time. */
  readonly onEnd: (hear: (clientOrderId: string, state: string) => void) => void;
  readonly disconnect: () => void;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
const connectTimeoutMs = 30_000;

export async function openClient(url: string, { accessToken, accountId }: LoadTrader): Promise<LoadClient> {
  const socket = io(url, {
    ...{ auth: { accessToken }, transports: ["websocket"], forceNew: true },
    ...{ reconnection: false, timeout: connectTimeoutMs },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("connect_error", reject);
  });
  return {
    submit: (transport, order) => {
      const request = { ...order, accountId };
      return transport === "socket" ? overSocket(socket, request) : overRest(url, accessToken, request);
    },
    onEnd: (hear) => {
      socket.removeAllListeners("account").on("account", ({ orders }: AccountNews) => {
        for (const { clientOrderId, state, doneAt } of orders) if (doneAt !== null) hear(clientOrderId, state);
      });
    },
    disconnect: () => socket.disconnect(),
  };
}

const overSocket = (socket: Socket, request: object): Promise<{ status: number; code: string }> =>
  new Promise((resolve) => {
    socket.emit("order", request, (answer: OrderAnswer) =>
      resolve({ status: answer.status, code: "order" in answer ? "" : answer.code }),
    );
  });

/** Plain node:http: a client that costs little, since it shares the machine with the server. */
const overRest = (url: string, token: string, request: object): Promise<{ status: number; code: string }> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify(request);
    const headers = {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
      Authorization: `Bearer ${token}`,
    };
    const post = http.request(`${url}/api/trading/orders`, { method: "POST", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        const code = status < 300 ? "" : String(JSON.parse(Buffer.concat(chunks).toString()).code);
        resolve({ status, code });
      });
    });
    post.on("error", reject);
    post.end(body);
  });
