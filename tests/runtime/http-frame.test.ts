import { Writable } from "node:stream";
import { expect, test } from "@jest/globals";
import { Router } from "express";
import supertest from "supertest";
import { problemSchema } from "../../server/contracts/problem.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { ProblemError } from "../../server/platform/http/problem.ts";
import { createLog } from "../../server/platform/log.ts";
import { createMetrics } from "../../server/platform/metrics.ts";

const partner = "https://shop.example";

function aFrame() {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLog("debug", sink);
  const router = Router();
  router.post("/api/echo", (request, response) => {
    log.info({ body: request.body }, "echo");
    response.json({ got: request.body });
  });
  router.get("/api/echo", (request, response) => {
    response.json({ query: request.query });
  });
  router.get("/api/things/:id", (request, response) => {
    response.json({ id: request.params.id });
  });
  router.get("/api/refused", () => {
    throw new ProblemError(422, "LOTS_STEP", "Half a lot.", { errors: { lots: "whole lots" }, extra: { checks: [1] } });
  });
  router.get("/api/broken", async () => {
    throw new Error("relation secret_table does not exist");
  });
  const app = createApp({
    log,
    metrics: createMetrics(),
    allowedOrigin: (origin) => origin === partner,
    trustProxyHops: 0,
    routers: [{ path: "/", router }],
  });
  return { http: supertest(app), lines };
}

const { http, lines } = aFrame();

test.each([
  ["malformed JSON", '{"a":', "application/json", 400, "MALFORMED_JSON"],
  ["bytes after the JSON", '{"a":1}x', "application/json", 400, "MALFORMED_JSON"],
  ["bytes that are not UTF-8", Buffer.from([0x22, 0xff, 0x22]), "application/json", 400, "MALFORMED_JSON"],
  ["text instead of JSON", "{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["a form", "a=1", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE"],
  ["33 KiB", JSON.stringify("x".repeat(33 * 1024)), "application/json", 413, "BODY_TOO_LARGE"],
  ["nine levels", "[".repeat(9) + "]".repeat(9), "application/json", 422, "INVALID_REQUEST"],
  ["501 items", JSON.stringify(Array(501).fill(1)), "application/json", 422, "INVALID_REQUEST"],
  ["__proto__", '{"__proto__":{"x":1}}', "application/json", 422, "INVALID_REQUEST"],
  ["a nested constructor", '{"a":{"constructor":1}}', "application/json", 422, "INVALID_REQUEST"],
])("a body of %s is refused with a problem", async (_what, body, type, status, code) => {
  const answer = await http
    .post("/api/echo")
    .set("content-type", type)
    .serialize((text: unknown) => text as string)
    .send(body as string);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(problemSchema.safeParse(answer.body).error).toBeUndefined();
  expect(answer.headers["content-type"]).toContain("application/problem+json");
});

test("a compressed body is refused before it is unpacked", async () => {
  const answer = await http.post("/api/echo").set("content-encoding", "gzip").send({ a: 1 });
  expect([answer.status, answer.body.code]).toEqual([415, "UNSUPPORTED_ENCODING"]);
});

test("eight levels of nesting and 500 items pass", async () => {
  const body = [[[[[[[Array(500).fill(1)]]]]]]];
  const answer = await http.post("/api/echo").send(body);
  expect([answer.status, answer.body.got]).toEqual([200, body]);
});

test("a refusal keeps its code, its fields and its extra members", async () => {
  const answer = await http.get("/api/refused").set("x-trace-id", "trace-of-a-test");
  expect(answer.body).toEqual({
    type: "about:blank",
    title: "Unprocessable Entity",
    status: 422,
    detail: "Half a lot.",
    message: "Half a lot.",
    code: "LOTS_STEP",
    errors: { lots: "whole lots" },
    checks: [1],
    traceId: "trace-of-a-test",
  });
  expect(answer.headers["x-trace-id"]).toBe("trace-of-a-test");
});

test("a bug answers 500 without its text, and the log has it under the same trace id", async () => {
  const answer = await http.get("/api/broken");
  expect([answer.status, answer.body.code]).toEqual([500, "INTERNAL_ERROR"]);
  expect(answer.text).not.toContain("secret_table");
  const line = lines.find((text) => text.includes("secret_table") && text.includes(answer.body.traceId));
  expect(line).toBeDefined();
});

test("a forged trace id is replaced", async () => {
  const answer = await http.get("/api/echo").set("x-trace-id", "a b");
  expect(answer.headers["x-trace-id"]).toMatch(/^[0-9a-f-]{36}$/);
});

test.each(["/nowhere", "/api/nowhere", "/API/Nowhere"])("an unknown address %s is a 404 problem", async (path) => {
  const answer = await http.get(path);
  expect([answer.status, answer.body.code]).toEqual([404, "NOT_FOUND"]);
});

test("an address that cannot be decoded is a 400 problem", async () => {
  const answer = await http.get("/api/things/%E0%A4%A");
  expect([answer.status, answer.body.code]).toEqual([400, "MALFORMED_REQUEST"]);
});

test("TRACE is not allowed", async () => {
  const answer = await http.trace("/api/echo");
  expect([answer.status, answer.body.code]).toEqual([405, "METHOD_NOT_ALLOWED"]);
});

test("a query of more than 2 KiB is refused", async () => {
  const answer = await http.get(`/api/echo?x=${"y".repeat(2048)}`);
  expect([answer.status, answer.body.code]).toEqual([414, "QUERY_TOO_LONG"]);
});

test("nested query parameters stay flat text", async () => {
  const answer = await http.get("/api/echo?filter[x][$gt]=1");
  expect(answer.body.query).toEqual({ "filter[x][$gt]": "1" });
});

test("a registered partner's origin may read answers and is told which headers", async () => {
  const answer = await http.get("/api/echo").set("origin", partner);
  expect(answer.headers["access-control-allow-origin"]).toBe(partner);
  expect(answer.headers["access-control-expose-headers"]).toContain("Content-Range");
  expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
  const preflight = await http.options("/api/echo").set({
    origin: partner,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers["access-control-allow-headers"]).toContain("Authorization");
});

test.each(["https://shop.example.evil", "http://shop.example", "https://shop.example:444", "null"])(
  "the origin %s gets no CORS header, but Vary",
  async (origin) => {
    for (const answer of [
      await http.get("/api/echo").set("origin", origin),
      await http.options("/api/echo").set({ origin, "access-control-request-method": "POST" }),
    ]) {
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      expect(answer.headers.vary).toContain("Origin");
    }
  },
);

test.each(["/api/echo", "/nowhere", "/api/broken", "/admin/", "/widget/v1/x.js", "/demo/"])(
  "every answer carries the security headers (%s)",
  async (path) => {
    const { headers } = await http.get(path);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["strict-transport-security"]).toContain("max-age=31536000");
    expect(headers["referrer-policy"]).toBeDefined();
    expect(headers["permissions-policy"]).toContain("camera=()");
    expect(headers["content-security-policy"]).toMatch(/object-src 'none'/);
    expect(headers["content-security-policy"]).toMatch(/base-uri 'none'/);
    expect(headers["content-security-policy"]).toMatch(/frame-ancestors 'none'/);
    expect(headers["x-powered-by"]).toBeUndefined();
  },
);

test("data may not be cached, and may load nothing", async () => {
  const { headers } = await http.get("/api/echo");
  expect(headers["cache-control"]).toBe("no-store");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
});

test("passwords and tokens are masked in the log, wherever they stand", async () => {
  await http.post("/api/echo").send({ password: "hunter2-a", deep: { accessToken: "hunter2-b" } });
  await http.get("/api/echo?token=hunter2-c");
  expect(lines.join("")).toContain("[secret]");
  expect(lines.join("")).not.toContain("hunter2");
});

test("a line break in a header does not make a second log line", async () => {
  const before = lines.length;
  await http.get("/api/echo?x=%0d%0a%7B%22level%22%3A%22fatal%22%7D");
  expect(lines.slice(before).every((line) => JSON.parse(line).level !== "fatal")).toBe(true);
});
