export {
  type About,
  type AttachmentRow,
  addAttachment,
  countOwnAttachments,
  listAttachments,
  readAttachment,
} from "./attachments.ts";
