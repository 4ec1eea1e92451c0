/**
 * A decimal string as it is read: groups of three, a true minus, every digit kept. Both languages group alike, and no
 * number type touches it. What is not a plain decimal is given back as it came.
 */
export function figure(decimal: string | number): string {
  const parts = /^(-?)(\d+)(\.\d+)?$/.exec(String(decimal));
  if (parts === null) return String(decimal);
  const [, sign = "", whole = "", fraction = ""] = parts;
  return `${sign === "-" ? "−" : ""}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${fraction}`;
}

/** Direction of a decimal: for colour only. */
export function signOf(decimal: string): -1 | 0 | 1 {
  if (/^-?0*(\.0*)?$/.test(decimal)) return 0;
  return decimal.startsWith("-") ? -1 : 1;
}

/** An id short enough for a table; the whole is copied on click. */
export const shortId = (id: string): string => (id.length <= 24 ? id : `${id.slice(0, 4)}…${id.slice(-6)}`);
