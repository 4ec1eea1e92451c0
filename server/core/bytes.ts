/** A digest function, handed in: Node's own on the server, WebCrypto in a browser. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;
/** The same where the digest may come later, as WebCrypto's does. */
export type LaterSha256 = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

const digits = "0123456789abcdef";
const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Lower-case hexadecimal: every byte has exactly one spelling, so a changed letter is a changed byte. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += `${digits.charAt(byte >> 4)}${digits.charAt(byte & 15)}`;
  return text;
}

/** Null for anything but pairs of lower-case hexadecimal digits. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => {
    return digits.indexOf(text.charAt(2 * at)) * 16 + digits.indexOf(text.charAt(2 * at + 1));
  });
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
