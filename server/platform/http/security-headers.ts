import type { RequestHandler } from "express";
import helmet from "helmet";

type Directives = Readonly<Record<string, readonly string[]>>;

const nothing: Directives = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  objectSrc: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

const ownPage: Directives = {
  ...nothing,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", "data:", "blob:"],
  fontSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
};

/** What each part of the site may load. The first matching prefix counts; everything else is data and loads nothing. */
const areas: readonly { readonly prefix: RegExp; readonly directives: Directives }[] = [
  // MUI makes empty <style> elements and fills them by script (insertRule), which needs the hash of the empty text and no more.
  {
    prefix: /^\/admin(\/|$)/i,
    directives: { ...ownPage, styleSrc: ["'self'", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"] },
  },
  { prefix: /^\/docs(\/|$)/i, directives: { ...ownPage, styleSrc: ["'self'", "'unsafe-inline'"] } },
  { prefix: /^\/demo(\/|$)/i, directives: ownPage },
];

/** The security headers of every answer, errors and files included. */
export function securityHeaders(): RequestHandler {
  const strict = protect(nothing, "same-origin");
  // Partners' pages on other origins load these files.
  const embeddable = protect(nothing, "cross-origin");
  const pages = areas.map(({ prefix, directives }) => ({ prefix, handler: protect(directives, "same-origin") }));
  return (request, response, next) => {
    response.setHeader("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if (/^\/widget\//i.test(request.path)) return embeddable(request, response, next);
    const page = pages.find(({ prefix }) => prefix.test(request.path));
    (page?.handler ?? strict)(request, response, next);
  };
}

function protect(directives: Directives, policy: "same-origin" | "cross-origin"): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...directives } },
    crossOriginResourcePolicy: { policy },
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
    xFrameOptions: { action: "deny" },
  });
}
