/** What needs no quotes in an array literal; nor does a number. */
const plain = /^[\w.:+-]+$/;
const isNull = /^null$/i;

/**
 * A flat array as PostgreSQL reads it, as the driver would write it but with quotes only where they are needed: a batch binds some
 * hundred elements an order. Null where an element is something else than text, a number or a boolean: the driver knows those.
 */
export function arrayLiteral(values: readonly unknown[]): string | null {
  const parts: string[] = [];
  for (const value of values) {
    if (typeof value === "string") parts.push(elementOf(value));
    else if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
      parts.push(String(value));
    else return null;
  }
  return `{${parts.join(",")}}`;
}

const elementOf = (text: string): string =>
  plain.test(text) && !isNull.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
