/** The same words, whatever their order, case and spacing: banks write "LOVELACE ADA". */
const wordsOf = (name: string): string =>
  name.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean).sort().join(" ");

export const isSameName = (one: string, other: string): boolean => wordsOf(one) === wordsOf(other);
