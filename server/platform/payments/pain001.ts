import { XMLBuilder } from "fast-xml-parser";
import { controlsOf, type OrderedTransfer, type PaymentOrder } from "#core/payment-order.ts";
import { formatDecimal } from "#core/units.ts";

const builder = new XMLBuilder({
  ...{ ignoreAttributes: false, attributeNamePrefix: "@", format: true, indentBy: " ", suppressEmptyNode: false },
  // The names of a SEPA payment have none of these; that the builder writes them right costs nothing.
  processEntities: true,
});

/**
 * Writes a payment order as ISO 20022 pain.001.001.09, one payment information of single bookings. In euros it is a SEPA credit transfer, in
 * other currencies an ordinary one with shared charges. The payee's bank is known by the IBAN alone.
 * Source: ISO 20022, Message Definition Report "Payments Initiation", and EPC132-08.
 */
export function writePain001(order: PaymentOrder): Uint8Array {
  const { count: NbOfTxs, sum: CtrlSum } = controlsOf(order);
  const { id, createdAt, payer, currency, executeOn } = order;
  const isSepa = currency === "EUR";
  // Elements stand in the schema's sequence: it allows no other.
  const document = {
    "?xml": { "@version": "1.0", "@encoding": "UTF-8" },
    Document: {
      "@xmlns": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09",
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: id,
          CreDtTm: `${createdAt.toISOString().slice(0, 19)}Z`,
          ...{ NbOfTxs, CtrlSum },
          InitgPty: { Nm: payer.name },
        },
        PmtInf: {
          PmtInfId: id,
          PmtMtd: "TRF",
          // Single bookings: each payment is a line of the statement, with its own end-to-end id.
          BtchBookg: "false",
          ...{ NbOfTxs, CtrlSum },
          ...(isSepa ? { PmtTpInf: { SvcLvl: { Cd: "SEPA" } } } : {}),
          ReqdExctnDt: { Dt: executeOn },
          Dbtr: { Nm: payer.name },
          DbtrAcct: { Id: { IBAN: payer.iban }, Ccy: currency },
          DbtrAgt: {
            FinInstnId: payer.bic === null ? { Othr: { Id: "NOTPROVIDED" } } : { BICFI: payer.bic },
          },
          ChrgBr: isSepa ? "SLEV" : "SHAR",
          CdtTrfTxInf: order.transfers.map((transfer) => transferOf(order, transfer)),
        },
      },
    },
  };
  return new TextEncoder().encode(builder.build(document));
}

const transferOf = ({ currency, scale }: PaymentOrder, { endToEndId, amount, payee, iban }: OrderedTransfer) => ({
  PmtId: { InstrId: endToEndId, EndToEndId: endToEndId },
  Amt: { InstdAmt: { "@Ccy": currency, "#text": formatDecimal(amount, scale) } },
  Cdtr: { Nm: payee },
  CdtrAcct: { Id: { IBAN: iban } },
  RmtInf: { Ustrd: `Withdrawal ${endToEndId}` },
});
