import { createHmac, timingSafeEqual } from "node:crypto";

export type Parameters = Readonly<Record<string, string>>;

/** The member that carries the signature; it is not part of what is signed. */
const signName = "sign";
const parametersMax = 40;

/**
 * The signature of this trade's redirect gateways: all parameters but `sign` and the empty ones, sorted by name in byte order, joined
 * as `name=value` with `&`, under HMAC-SHA256 with the merchant's secret, as lower-case hex.
 */
export function signatureOf(parameters: Parameters, secret: string): string {
  const signed = Object.entries(parameters)
    .filter(([name, value]) => name !== signName && value !== "")
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return createHmac("sha256", secret).update(signed, "utf8").digest("hex");
}

export const signed = (parameters: Parameters, secret: string): Parameters => ({
  ...parameters,
  [signName]: signatureOf(parameters, secret),
});

/** Whether the parameters carry their own signature. Takes as long whatever is wrong. */
export function isSigned(parameters: Parameters, secret: string): boolean {
  const given = Buffer.from((parameters[signName] ?? "").toLowerCase(), "utf8");
  const expected = Buffer.from(signatureOf(parameters, secret), "utf8");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** A form's parameters from its bytes; null when they are no UTF-8, one is given twice, or there are too many. */
export function readForm(body: Uint8Array): Parameters | null {
  const text = utf8(body);
  if (text === null) return null;
  const entries = [...new URLSearchParams(text)];
  const parameters = Object.fromEntries(entries);
  return entries.length > parametersMax || Object.keys(parameters).length < entries.length ? null : parameters;
}

/** A JSON object of texts from its bytes; null when it is something else. */
export function readTexts(body: Uint8Array): Parameters | null {
  try {
    const value: unknown = JSON.parse(utf8(body) ?? "");
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    const entries = Object.entries(value);
    const isFlat = entries.length <= parametersMax && entries.every(([, part]) => typeof part === "string");
    return isFlat ? Object.fromEntries(entries) : null;
  } catch {
    return null;
  }
}

function utf8(body: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return null;
  }
}
