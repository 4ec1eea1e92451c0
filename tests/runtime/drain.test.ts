import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { closeServer, createHttpServer, listen } from "../../server/platform/http/server.ts";

interface Answered {
  readonly status: number | "cut";
}

/** A server whose answers wait until they are let go. */
async function aSlowServer() {
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const waiting: http.ServerResponse[] = [];
  const server = createHttpServer((_request, response) => {
    waiting.push(response);
    arrived();
  });
  await listen(server, "127.0.0.1", 0);
  const { port } = server.address() as AddressInfo;
  const ask = (): Promise<Answered> =>
    new Promise((resolve) => {
      http
        .get({ port, agent: new http.Agent({ keepAlive: true }) }, (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode ?? 0 });
        })
        .on("error", () => resolve({ status: "cut" }));
    });
  return { server, ask, arrival, letGo: () => waiting.map((response) => response.end("done")) };
}

test("a request under way is answered before the server is closed, a new one is not taken", async () => {
  const { server, ask, arrival, letGo } = await aSlowServer();
  const early = ask();
  await arrival;
  const closed = closeServer(server, 10_000);
  expect(await ask()).toEqual({ status: "cut" });
  letGo();
  expect(await early).toEqual({ status: 200 });
  await closed;
});

test("a request that never ends is cut when patience is over", async () => {
  const { server, ask, arrival } = await aSlowServer();
  const stuck = ask();
  await arrival;
  await closeServer(server, 50);
  expect(await stuck).toEqual({ status: "cut" });
});
