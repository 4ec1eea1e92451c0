import type { Label } from "./field.ts";
import type { LinkEdge, LinkSignal, LinkState } from "./link-names.ts";

type LabelsOf<Word extends string> = Readonly<Record<Word, Label>>;

export const linkStateLabels: LabelsOf<LinkState> = {
  open: ["To review", "待审核"],
  household: ["Household", "同住家人"],
  confirmed: ["One person", "确认为同一人"],
  dismissed: ["Strangers", "确认无关"],
};

export const linkEdgeLabels: LabelsOf<LinkEdge> = {
  strong: ["Strong", "强关联"],
  review: ["Possible", "疑似关联"],
  weak: ["Faded", "已减弱"],
};

export const linkSignalLabels: LabelsOf<LinkSignal> = {
  payout: ["Same payout address", "出金地址相同"],
  device: ["Same browser", "浏览器相同"],
  phone: ["Same telephone", "电话相同"],
  email: ["Same mailbox", "邮箱实为同一个"],
  "device-network": ["Same device and network", "设备指纹与网络均相同"],
  "opposite-trades": ["Opposite trades", "反向交易"],
  "copied-trades": ["Same trades", "同步交易"],
  "ip-close": ["Same home address within minutes", "数分钟内同一住宅 IP"],
  fingerprint: ["Same fingerprint", "设备指纹相同"],
  ip: ["Same IP address", "IP 地址相同"],
  "email-similar": ["Similar e-mail", "邮箱相似"],
  referral: ["Brought by this agent", "由该代理介绍"],
};
