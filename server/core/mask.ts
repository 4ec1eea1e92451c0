/**
 * What is shown of a name or an e-mail address to those who may not read it: the first letter, and where the address is hosted.
 * A single letter says all there is, so nothing is shown of it. Letters are those of the composed form: what looks alike is masked alike.
 */
export function masked(text: string): string {
  if (text === "") return text;
  const at = text.lastIndexOf("@");
  const [isHosted, hidden] = at >= 0 ? [true, text.slice(0, at)] : [false, text];
  const letters = [...hidden.normalize("NFC")];
  return `${letters.length > 1 ? letters[0] : ""}•••${isHosted ? text.slice(at) : ""}`;
}
