/** A statement as a test says it; amounts are signed decimals. */
export interface BankFile {
  readonly iban: string;
  readonly currency: string;
  readonly opening: string;
  readonly closing: string;
  readonly lines: readonly {
    readonly bookedOn: string;
    readonly amount: string;
    readonly bankReference: string;
    readonly partyName: string;
    readonly text: string;
    /** What whoever ordered it named it by. */
    readonly endToEndId?: string;
    /** Of a payment that came back; empty: the bank gives no reason. */
    readonly returnReason?: string;
  }[];
}

const escaped = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const mark = (amount: string): string => (amount.startsWith("-") ? "DBIT" : "CRDT");
const bare = (amount: string): string => amount.replace("-", "");

const returned = ({ returnReason }: BankFile["lines"][number]): string =>
  returnReason === undefined
    ? ""
    : `<RtrInf>${returnReason === "" ? "" : `<Rsn><Cd>${returnReason}</Cd></Rsn>`}</RtrInf>`;

/** As a bank writes it in ISO 20022 camt.053.001.08. */
export function camt053({ iban, currency, opening, closing, lines }: BankFile): string {
  const amount = (value: string): string =>
    `<Amt Ccy="${currency}">${bare(value)}</Amt><CdtDbtInd>${mark(value)}</CdtDbtInd>`;
  const balance = (code: string, value: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(value)}<Dt><Dt>2026-11-20</Dt></Dt></Bal>`;
  const entry = (line: BankFile["lines"][number]): string => {
    const side = mark(line.amount) === "CRDT" ? "Dbtr" : "Cdtr";
    return `<Ntry>${amount(line.amount)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${line.bookedOn}</Dt></BookgDt>
      <AcctSvcrRef>${line.bankReference}</AcctSvcrRef><NtryDtls><TxDtls>
      ${line.endToEndId === undefined ? "" : `<Refs><EndToEndId>${line.endToEndId}</EndToEndId></Refs>`}<RltdPties><${side}><Pty><Nm>${escaped(line.partyName)}</Nm></Pty></${side}></RltdPties>
      <RmtInf><Ustrd>${escaped(line.text)}</Ustrd></RmtInf>${returned(line)}</TxDtls></NtryDtls></Ntry>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
    <Stmt><Id>1</Id><Acct><Id><IBAN>${iban}</IBAN></Id></Acct>${balance("OPBD", opening)}${balance("CLBD", closing)}
    ${lines.map(entry).join("\n")}</Stmt></BkToCstmrStmt></Document>`;
}

/** As a bank writes it in SWIFT MT940, with a structured field :86:. */
export function mt940({ iban, currency, opening, closing, lines }: BankFile): string {
  const balance = (value: string): string =>
    `${value.startsWith("-") ? "D" : "C"}261120${currency}${bare(value).replace(".", ",")}`;
  const entries = lines.flatMap((line) => {
    const { bookedOn, amount, bankReference, partyName, text, endToEndId, returnReason } = line;
    const date = bookedOn.slice(2).replaceAll("-", "");
    const sign = amount.startsWith("-") ? "D" : "C";
    const code = returnReason === undefined ? "166" : "159";
    const words = [
      ...(endToEndId === undefined ? [] : [`EREF+${endToEndId}`]),
      ...(returnReason === undefined || returnReason === "" ? [] : [`RTRN+${returnReason}`]),
      ...(endToEndId === undefined ? [text] : [`SVWZ+${text}`]),
    ];
    return [
      `:61:${date}${date.slice(2)}${sign}${bare(amount).replace(".", ",")}NTRFNONREF//${bankReference}`,
      `:86:${code}?00TRANSFER?20${words.join("?21")}?32${partyName}`,
    ];
  });
  return [":20:1", `:25:${iban}`, ":28C:1/1", `:60F:${balance(opening)}`, ...entries, `:62F:${balance(closing)}`].join(
    "\n",
  );
}
