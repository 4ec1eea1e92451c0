import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface PartnerSite {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** A partner's web server on an origin of its own: one page, under whatever Content-Security-Policy he has. */
export async function servePartnerPage(options: { html: string; port?: number; csp?: string }): Promise<PartnerSite> {
  const server: Server = createServer((request, response) => {
    if (request.url !== "/") return void response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      ...(options.csp === undefined ? {} : { "content-security-policy": options.csp }),
    });
    response.end(options.html);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
