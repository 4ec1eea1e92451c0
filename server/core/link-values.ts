/** Hosts whose addresses ignore dots before the @. */
const dotlessHosts = new Set(["gmail.com", "googlemail.com"]);

/** An address as its owner's mailbox: lower case, without "+tag", without dots where the host ignores them. Null: it is none. */
export function normalEmail(address: string): string | null {
  const text = address.normalize("NFKC").trim().toLowerCase();
  const at = text.lastIndexOf("@");
  if (at < 1 || at === text.length - 1) return null;
  const host = text.slice(at + 1);
  const [mailbox = ""] = text.slice(0, at).split("+");
  const isDotless = dotlessHosts.has(host);
  const local = isDotless ? mailbox.replaceAll(".", "") : mailbox;
  return local === "" ? null : `${local}@${isDotless ? "gmail.com" : host}`;
}

/** Fewer letters say nothing about a person: li88 and li12 are strangers. */
const lettersLeast = 6;

/** What is left of an address when figures, dots and host are taken away: equal for nina.petrov85@a and ninapetrov2@b. Null: too little. */
export function emailLetters(address: string): string | null {
  const mailbox = normalEmail(address)?.replace(/@[^@]*$/, "");
  const letters = (mailbox ?? "").replace(/[^\p{L}]/gu, "");
  return [...letters].length < lettersLeast ? null : letters;
}

const mostDigits = /^\+[1-9]\d{6,14}$/;

/** A telephone number as ITU-T E.164 writes it: + and digits. Null: without the country it may be anybody's. */
export function normalPhone(number: string): string | null {
  const text = number
    .normalize("NFKC")
    .replace(/[\s().\-/]/g, "")
    .replace(/^00/, "+");
  return mostDigits.test(text) ? text : null;
}
