import type { Label } from "#contracts/field.ts";
import type { Locale } from "#contracts/names.ts";

/** What the engine tells a person, in both languages. */
const messages = {
  forbidden: ["Your role may not do this.", "您的角色无权执行此操作。"],
  notFound: ["There is no such record.", "记录不存在。"],
  noResource: ["There is no such page.", "页面不存在。"],
  invalid: ["Some fields are missing or wrong; nothing was saved.", "部分字段缺失或有误，未保存任何内容。"],
  unknownFields: [
    "The request names fields that do not exist here; nothing was saved.",
    "请求包含不存在的字段，未保存任何内容。",
  ],
  badQuery: ["The list was asked for in a way it does not offer.", "列表请求的参数无效。"],
  changedMeanwhile: [
    "Somebody changed this record after you opened it; nothing was saved. Reload and compare.",
    "该记录在您打开之后已被他人修改，未保存任何内容。请刷新后比较。",
  ],
  versionMissing: ["Name the version you have seen.", "请注明您所见的版本。"],
  inUse: ["Other records refer to this one; it was not deleted.", "有其他记录引用此记录，未删除。"],
  conflict: ["This contradicts what is already stored; nothing was saved.", "与已有数据冲突，未保存任何内容。"],
  keyReused: [
    "This idempotency key was used for another request; nothing was done.",
    "该幂等键已用于另一请求，未执行任何操作。",
  ],
  keyMalformed: ["The idempotency key must have 1 to 128 characters.", "幂等键长度须为 1 至 128 个字符。"],
  exportsBusy: ["Other exports are running; try again in a moment.", "其他导出正在进行，请稍后再试。"],
  FILE_EMPTY: ["The file is empty.", "文件为空。"],
  FILE_TOO_LARGE: ["A file may have at most 5 MB.", "文件不得超过 5 MB。"],
  FILE_TYPE_UNKNOWN: ["Only PDF, PNG and JPEG files are taken.", "仅接受 PDF、PNG 和 JPEG 文件。"],
  TOO_MANY_FILES: ["The record has 20 files already.", "该记录已有 20 个文件。"],
  filesClosed: ["No file can be added to the record in its state.", "该记录在当前状态下不能再添加文件。"],
  bodyMissing: ["A JSON object is expected.", "应提供 JSON 对象。"],
  required: ["is needed", "必填"],
  unknownField: ["unknown field", "未知字段"],
  readOnly: ["is kept by the system and cannot be set", "由系统维护，不可设置"],
  createOnly: ["cannot be changed after it was created", "创建后不可修改"],
  notNull: ["cannot be empty", "不能为空"],
  text: ["must be a text", "必须是文本"],
  tooLong: ["is too long", "过长"],
  tooShort: ["is too short", "过短"],
  control: ["must not contain control characters", "不得包含控制字符"],
  pattern: ["has the wrong form", "格式不正确"],
  email: ["must be an e-mail address", "必须是电子邮箱地址"],
  timeZone: ["must be a time zone such as America/Chicago", "必须是时区名，例如 America/Chicago"],
  choice: ["must be one of the choices", "必须是可选项之一"],
  decimal: ["must be a plain decimal such as 12.50", "必须是普通小数，例如 12.50"],
  whole: ["must be a whole number", "必须是整数"],
  tooSmall: ["is below the least value", "小于最小值"],
  tooLarge: ["is above the greatest value", "大于最大值"],
  boolean: ["must be true or false", "必须为真或假"],
  time: ["must be a time such as 2026-11-22T18:00:00Z", "必须是时间，例如 2026-11-22T18:00:00Z"],
  date: ["must be a date such as 2026-11-22", "必须是日期，例如 2026-11-22"],
  clock: ["must be a local time such as 17:00", "必须是当地时间，例如 17:00"],
  reference: ["There is no such record.", "记录不存在。"],
  taken: ["is already in use", "已被使用"],
  notAllowed: ["is not allowed", "不被允许"],
  list: ["must be a list", "必须是列表"],
  twice: ["names one value twice", "含有重复的值"],
  tooMany: ["has too many entries", "条目过多"],
  filterUnknown: ["is not offered as a filter", "不支持按此筛选"],
  filterEmptyNull: ["is never empty", "不会为空"],
  sortUnknown: ["is not offered for sorting", "不支持按此排序"],
  sortShape: ['must be ["field","ASC"] or ["field","DESC"]', '必须是 ["field","ASC"] 或 ["field","DESC"]'],
  rangeShape: ["must be [first,last], whole numbers from 0", "必须是 [first,last]，从 0 开始的整数"],
  rangeDeep: [
    "This page can't be found in this order: page on from a nearer one, sort by a time or number, narrow the filter, or export.",
    "按此排序无法直接定位该页：请从较近的页逐页翻阅、按时间或编号排序、缩小筛选范围或导出。",
  ],
  idsMany: ["at most 500 ids at once", "一次最多 500 个标识"],
  parameterUnknown: ["unknown parameter", "未知参数"],
  parameterTwice: ["was given twice", "重复给出"],
  json: ["must be JSON", "必须是 JSON"],
} as const satisfies Record<string, Label>;

export type MessageKey = keyof typeof messages;

export const inLocale = (label: Label, locale: Locale): string => label[locale === "en" ? 0 : 1];

export const says = (key: MessageKey, locale: Locale): string => inLocale(messages[key], locale);

const isKey = (text: string): text is MessageKey => Object.hasOwn(messages, text);

/** A schema's message: one of the keys above, or already a sentence (nested parts of json fields). */
export const saysOrKeeps = (text: string, locale: Locale): string => (isKey(text) ? says(text, locale) : text);
