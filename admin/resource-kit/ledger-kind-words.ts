import { useTranslate } from "react-admin";

/** What a ledger account is for, in words. A clearing account is named with its channel; a kind without words stays as it is. */
export function useLedgerKindWords(): (kind: string) => string {
  const translate = useTranslate();
  return (kind) => {
    const [family = "", ...rest] = kind.split(".");
    if (family === "clearing" || family === "fx")
      return translate(`desk.ledgerKinds.${family}`, { channel: rest.join(".") });
    return translate(`desk.ledgerKinds.${kind.replace(".", "-")}`, { _: kind });
  };
}
