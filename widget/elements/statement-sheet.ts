/** A window of its own, with what it may be filled by. */
export type Sheet = Window & typeof globalThis;

/**
 * Shows a page of the server in a window that is open already. Such a window is under the embedding page's rules, which may forbid styles
 * that are written into a page: a constructed sheet is bound by none of them.
 */
export function fillSheet(sheet: Sheet, page: string): void {
  const parsed = new DOMParser().parseFromString(page, "text/html");
  const styles = [...parsed.querySelectorAll("style")];
  const css = new sheet.CSSStyleSheet();
  css.replaceSync(styles.map(({ textContent }) => textContent ?? "").join("\n"));
  for (const style of styles) style.remove();
  const { document } = sheet;
  document.documentElement.lang = parsed.documentElement.lang;
  document.head.replaceChildren(...parsed.head.childNodes);
  document.body.replaceChildren(...parsed.body.childNodes);
  document.adoptedStyleSheets = [css];
}
