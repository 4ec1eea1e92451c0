import { setTimeout as sleep } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import type { AccountNews } from "#contracts/events.ts";
import { type Answer, answerPatienceMs, ask } from "./client.ts";
import type { Person } from "./people.ts";

/** What a trader's client has been shown of his orders: the state it saw last, by order id. */
export interface Shown {
  readonly states: ReadonlyMap<string, string>;
  /** Times the socket was lost and came back. */
  readonly reconnects: () => number;
  readonly isConnected: () => boolean;
}

/** A logged-in trader with an open socket to one api, as the widget has it. */
export interface Session {
  readonly get: (node: number, path: string) => Promise<Answer>;
  readonly send: (node: number, path: string, body: unknown, method?: string) => Promise<Answer>;
  /** Over the open socket, whichever api it is to. Rejects when it is down or nobody acknowledges. */
  readonly emit: (event: string, body: unknown) => Promise<Answer>;
  readonly shown: Shown;
  readonly close: () => void;
}

const loginPauseMs = 500;
const loginRounds = 60;
const pageSize = 200;

export async function openSession(urls: readonly string[], person: Person, home: number): Promise<Session> {
  const states = new Map<string, string>();
  let token = "";
  let isClosed = false;
  let connects = 0;
  const urlOf = (node: number): string => urls[node] ?? "";

  const login = async (): Promise<void> => {
    let said = "";
    for (let round = 0; round < loginRounds && !isClosed; round++) {
      const { email, password } = person;
      const answer = await ask(`${urlOf((home + round) % 2)}/api/trading/session`, { body: { email, password } }).catch(
        () => null,
      );
      if (answer?.status === 200) {
        token = String(answer.body.accessToken);
        return;
      }
      said = `${answer?.status} ${answer?.body.code}`;
      await sleep(loginPauseMs);
    }
    if (!isClosed) throw new Error(`no login: ${said}`);
  };
  /** A session may have ended with its process or its store: then once more, freshly logged in. */
  const authorised = async (request: () => Promise<Answer>): Promise<Answer> => {
    const answer = await request();
    if (answer.status !== 401) return answer;
    await login();
    return request();
  };
  const get = (node: number, path: string): Promise<Answer> =>
    authorised(() => ask(`${urlOf(node)}/api/trading/${path}`, { token }));
  const see = (order: { id: string; state: string }): void => {
    if (!isEnd(states.get(order.id))) states.set(order.id, order.state);
  };
  const snapshot = async (): Promise<void> => {
    for (let after = ""; ; ) {
      const query = `accountId=${person.accountId}&limit=${pageSize}${after}`;
      const { status, body } = await get(home, `orders?${query}`);
      if (status !== 200) throw new Error(`no snapshot: ${status}`);
      for (const order of body.orders as { id: string; state: string }[]) see(order);
      if (typeof body.next !== "string") return;
      after = `&after=${encodeURIComponent(body.next)}`;
    }
  };
  /** Until it has one: a client that shows stale orders is no use to a trader. */
  const snapshotSurely = async (socket: Socket): Promise<void> => {
    while (!isClosed && socket.connected)
      try {
        return await snapshot();
      } catch {
        await sleep(loginPauseMs);
      }
  };

  await login();
  const socket = io(urlOf(home), {
    auth: (give) => give({ accessToken: token }),
    transports: ["websocket"],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 1_000,
  });
  const again = (rested: Promise<void>): void =>
    void rested.catch(() => sleep(loginPauseMs)).then(() => void (isClosed || socket.connect()));
  socket.on("connect", () => {
    connects += 1;
    void snapshotSurely(socket);
  });
  socket.on("account", ({ orders }: AccountNews) => {
    for (const order of orders) see(order);
  });
  socket.on("connect_error", (error: Error & { data?: { status?: number } }) => {
    // The server turned it away, so socket.io does not come back by itself.
    if (error.data?.status === 401) again(login());
    else if (!socket.active) again(sleep(loginPauseMs));
  });
  socket.on("disconnect", () => {
    if (!socket.active) again(sleep(loginPauseMs));
  });
  return {
    get,
    send: (node, path, body, method = "POST") =>
      authorised(() => ask(`${urlOf(node)}/api/trading/${path}`, { method, body, token })),
    emit: async (event, body) => {
      if (!socket.connected) throw new Error("the socket is down");
      const answer = await socket.timeout(answerPatienceMs).emitWithAck(event, body);
      return { status: answer.status, body: answer };
    },
    shown: { states, reconnects: () => Math.max(0, connects - 1), isConnected: () => socket.connected },
    close: () => {
      isClosed = true;
      socket.disconnect();
    },
  };
}

export const ends: readonly string[] = ["filled", "cancelled", "rejected", "expired"];
const isEnd = (state: string | undefined): boolean => state !== undefined && ends.includes(state);
