import { createPrivateKey, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SignJWT } from "jose";
import type { Browser, Page } from "playwright-core";
import { io, type Socket } from "socket.io-client";
import type { LoginReply } from "#contracts/trading-api.ts";
import { chromiumPath, launchBrowser } from "../support/browser.ts";
import { servePartnerPage } from "../support/partner-site.ts";
import { type RunningTruewick, startTruewick } from "../support/truewick.ts";
import { candles, complaintsOf, order, orderStatus, sideButton, signIn } from "./page-support.ts";

const inBrowser = chromiumPath === null ? describe.skip : describe;

inBrowser("a session", () => {
  let truewick: RunningTruewick;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [truewick, browser] = await Promise.all([startTruewick(), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
    page.setDefaultTimeout(20_000);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await truewick?.stop();
  }, 30_000);

  /** What the partner's backend signs for the customer that is logged in on his site. */
  const signToken = (): Promise<string> => {
    const [partner] = truewick.credentials.partners;
    if (!partner) throw new Error("the demo has no partner");
    return new SignJWT({ name: "Nina Partner" })
      .setProtectedHeader({ alg: "EdDSA", kid: partner.keyId })
      .setIssuer(String(partner.id))
      .setAudience(truewick.url)
      .setSubject("customer-17")
      .setIssuedAt()
      .setExpirationTime("60s")
      .setJti(randomUUID())
      .sign(createPrivateKey(partner.privateKeyPem));
  };

  test("begins and is renewed by the partner's own tokens, under his strict policy", async () => {
    const { url, port } = truewick;
    let signed = 0;
    const site = await servePartnerPage({
      port: Number(new URL(truewick.credentials.partners[0]?.origin ?? "").port),
      html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A partner</title>
        <script type="module" src="${url}/widget/v1/truewick.js"></script><script type="module" src="/site.js"></script></head>
        <body><truewick-trader instrument="MES"></truewick-trader></body></html>`,
      csp: [
        ...["default-src 'none'", "style-src 'self'", "require-trusted-types-for 'script'"],
        `script-src 'self' ${url}`,
        `connect-src 'self' ${url} ws://localhost:${port}`,
      ].join("; "),
      files: {
        "/site.js": () => ({
          type: "text/javascript",
          body: `const trader = document.querySelector("truewick-trader");
            trader.fetchSession = async () => (await fetch("/truewick-token", { method: "POST" })).text();`,
        }),
        "/truewick-token": async () => {
          signed += 1;
          return { type: "text/plain", body: await signToken() };
        },
      },
    });
    try {
      const complaints = complaintsOf(page);
      const replies = loginsOf(page);
      await page.goto(site.origin);
      await candles(page).first().waitFor({ state: "attached" });
      await enabled(page, "buy");
      const [first] = replies;
      const session = await first;
      expect(session?.trader.name).toBe("Nina Partner");
      expect(session?.accounts).toEqual([expect.objectContaining({ book: "demo", currency: "USD" })]);
      await order(page, "buy");
      await page.locator("truewick-trade-buttons .ok").waitFor();

      const renewed = page.waitForResponse((response) => isLogin(response.url(), response.request().method()));
      await fetch(`${url}/api/trading/session`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${session?.accessToken}` },
      });
      const again = (await (await renewed).json()) as LoginReply;
      expect(again.trader).toEqual(session?.trader);
      expect(again.accessToken).not.toBe(session?.accessToken);
      await enabled(page, "sell");
      await page.locator("truewick-desk #tab-positions", { hasText: "1" }).waitFor();
      await order(page, "sell");
      await page.locator("truewick-desk .empty").waitFor();
      expect(signed).toBe(2);
      expect(complaints).toEqual([]);
    } finally {
      await site.close();
    }
  }, 90_000);

  test.each([
    ["en", /too many windows.*Trade here again/s],
    ["zh-CN", /交易窗口过多.*在此窗口继续/s],
  ])(
    "of too many windows says so in the oldest (%s), and goes on there when asked",
    async (locale, words) => {
      const trader = truewick.credentials.traders[1];
      await page.goto(`${truewick.url}/demo/`);
      await page.locator("truewick-trader").evaluate((widget, value) => widget.setAttribute("locale", value), locale);
      await signIn(page, trader);
      const windows: Socket[] = [];
      try {
        const accessToken = await logIn(truewick.url, trader);
        for (let opened = 0; opened < 5; opened += 1) windows.push(await aWindow(truewick.url, accessToken));
        const cut = new Promise((resolve) => windows[0]?.once("session-ended", resolve));
        await page.locator("truewick-trade-buttons .again").waitFor();
        expect(await orderStatus(page).innerText()).toMatch(words);
        expect(await sideButton(page, "buy").getAttribute("aria-disabled")).toBe("true");
        await page.locator("truewick-trade-buttons .again").click();
        expect(await cut).toEqual({ code: "TOO_MANY_SOCKETS" });
        await enabled(page, "buy");
        expect(await orderStatus(page).innerText()).not.toMatch(words);
      } finally {
        for (const window of windows) window.disconnect();
      }
    },
    60_000,
  );
});

const enabled = (page: Page, side: "buy" | "sell"): Promise<void> =>
  sideButton(page, side).and(page.locator('[aria-disabled="false"]')).waitFor();

const isLogin = (url: string, method: string): boolean => url.endsWith("/api/trading/session") && method === "POST";

/** Answers of the logins that the page makes, in their order. */
function loginsOf(page: Page): Promise<LoginReply>[] {
  const replies: Promise<LoginReply>[] = [];
  page.on("response", (response) => {
    if (isLogin(response.url(), response.request().method())) replies.push(response.json());
  });
  return replies;
}

async function logIn(url: string, trader: { email: string; password: string } | undefined): Promise<string> {
  const response = await fetch(`${url}/api/trading/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: trader?.email, password: trader?.password }),
  });
  return ((await response.json()) as LoginReply).accessToken;
}

async function aWindow(url: string, accessToken: string): Promise<Socket> {
  const socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false, auth: { accessToken } });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}
