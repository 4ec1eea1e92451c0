export { type About, type AttachmentRow, addAttachment, listAttachments, readAttachment } from "./attachments.ts";
