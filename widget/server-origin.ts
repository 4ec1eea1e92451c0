/** Origin that this script came from: the trading server, unless the tag's `server` attribute names another. */
export const scriptOrigin = new URL(import.meta.url).origin;

/** The server to talk to, without a trailing slash. Throws a readable error when the attribute is no http(s) address. */
export function serverOriginOf(attribute: string | null): string {
  if (attribute === null || attribute.trim() === "") return scriptOrigin;
  const url = new URL(attribute, document.baseURI);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new Error(`server="${attribute}" is no http address`);
  return url.origin;
}
