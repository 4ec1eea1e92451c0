import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Redis } from "ioredis";
import request from "supertest";
import { addressKey, rateLimit } from "../../server/platform/rate-limit.ts";
import { aStaff, password, type TestHouse, testHouse } from "../support/house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

let address = 0;
/** Each login comes from an address of its own, unless a test is about addresses. */
const logIn = (body: object, headers: Record<string, string> = {}) =>
  request(house.app)
    .post("/api/admin/session")
    .set({ Host: "localhost", "X-Forwarded-For": `10.0.${++address >> 8}.${address & 255}`, ...headers })
    .send(body);

test("S02 the eleventh wrong password for one person waits; others do not; the right one then waits too", async () => {
  const [target, other] = [await aStaff(house), await aStaff(house)];
  for (let i = 0; i < 10; i++)
    expect((await logIn({ email: target.email, password: "wrong password" })).status).toBe(401);
  const answer = await logIn({ email: target.email, password });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  expect((await logIn({ email: other.email, password })).status).toBe(200);
});

test("a right password forgets the wrong ones before it", async () => {
  const { email } = await aStaff(house);
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 9; i++) expect((await logIn({ email, password: "wrong password" })).status).toBe(401);
    expect((await logIn({ email, password })).status).toBe(200);
  }
});

test("S03 wrong passwords for many people from one address wait, from another they do not", async () => {
  const from = { "X-Forwarded-For": "192.0.2.7" };
  const guesses = Array.from({ length: 100 }, (_, i) => i);
  for (let i = 0; i < 100; i += 20)
    await Promise.all(
      guesses.slice(i, i + 20).map((n) => logIn({ email: `guess-${n}@example.com`, password: "wrong password" }, from)),
    );
  const { email } = await aStaff(house);
  expect((await logIn({ email, password }, from)).status).toBe(429);
  expect((await logIn({ email, password }, { "X-Forwarded-For": "192.0.2.8" })).status).toBe(200);
});

test("parallel guesses do not slip through before they are counted", async () => {
  const { email } = await aStaff(house);
  const answers = await Promise.all(Array.from({ length: 20 }, () => logIn({ email, password: "wrong password" })));
  expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10);
  expect(answers.filter((answer) => answer.status === 429)).toHaveLength(10);
});

test("while Redis is away the limit is kept in memory", async () => {
  const nowhere = new Redis("redis://127.0.0.1:1", {
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: null,
  });
  nowhere.on("error", () => {});
  const limit = rateLimit({ redis: nowhere, name: "away", points: 2, seconds: 60 });
  expect([await limit.take("a"), await limit.take("a")]).toEqual([null, null]);
  expect(await limit.take("a")).toBe(60);
  expect(await limit.take("b")).toBeNull();
  await limit.giveBack("a");
  await limit.forget("a");
  expect(await limit.take("a")).toBeNull();
  nowhere.disconnect();
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::9", "2001:db8:1:2"],
  ["2001:db8::9", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
])("%s is counted as %s", (ip, key) => {
  expect(addressKey(ip)).toBe(key);
});
