import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface PartnerSite {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

export interface ServedFile {
  readonly type: string;
  readonly body: string;
}

export interface PartnerSiteOptions {
  readonly html: string;
  readonly port?: number;
  readonly csp?: string;
  /** What lies beside the page, by path: its scripts, and what his backend answers. Made anew for each request. */
  readonly files?: Readonly<Record<string, () => ServedFile | Promise<ServedFile>>>;
}

/** A partner's web server on an origin of its own: his page, under whatever Content-Security-Policy he has, and his files. */
export async function servePartnerPage({ html, port = 0, csp, files = {} }: PartnerSiteOptions): Promise<PartnerSite> {
  const policy = csp === undefined ? {} : { "content-security-policy": csp };
  const all: NonNullable<PartnerSiteOptions["files"]> = { ...files, "/": () => ({ type: "text/html", body: html }) };
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const make = all[path];
    if (make === undefined) return void response.writeHead(404).end();
    const { type, body } = await make();
    response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store", ...policy });
    response.end(body);
  };
  const server: Server = createServer((request, response) => {
    answer(request.url ?? "", response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
