export { writeLineStatements } from "./agent-statements-report.ts";
export { type ExportFile, type ExportFolder, exportFolder } from "./export-folder.ts";
export { type ExportRow, readyExport } from "./exports.store.ts";
export { endingOf, fileNameOf } from "./file-name.ts";
export { type MakeExportsPorts, makeExports } from "./make-exports.job.ts";
export { cancelExport, type NewExport, requestExport } from "./request-export.ts";
export { scheduleExports } from "./schedule-exports.job.ts";
export { sweepExports } from "./sweep-exports.job.ts";
export { worksheetRowsMax } from "./worksheet.ts";
