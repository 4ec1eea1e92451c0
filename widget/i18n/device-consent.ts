import type { Locale } from "#contracts/names.ts";

/** Words that ask for the trader's consent. Whoever changes what they say raises `consentVersion`. */
export interface ConsentTexts {
  readonly title: string;
  readonly question: string;
  readonly what: string;
  readonly what2: string;
  readonly allow: string;
  readonly refuse: string;
  readonly allowed: string;
  readonly refused: string;
  readonly withdraw: string;
  readonly failed: string;
}

const en: ConsentTexts = {
  title: "Recognising this browser",
  question: "May we recognise this browser when you log in?",
  what: "We would keep an id in it, and store a fingerprint of its features (screen, fonts, graphics) with the time and the network address of your logins. It serves one purpose: to find people who trade under several accounts.",
  what2:
    "A person decides, never the fingerprint alone. It is deleted after a year at the latest. Trading works the same if you say no, and you can change your mind here.",
  allow: "Allow",
  refuse: "No, thanks",
  allowed: "You allow us to recognise this browser.",
  refused: "This browser is not recognised.",
  withdraw: "Stop it",
  failed: "This could not be told now; it is tried again at your next login.",
};

const zhCn: ConsentTexts = {
  title: "识别此浏览器",
  question: "您登录时，是否允许我们识别此浏览器？",
  what: "若允许，我们将在浏览器中保存一个编号，并将其特征指纹（屏幕、字体、图形）与您登录的时间及网络地址一并存储。其唯一目的是发现使用多个账户交易的人。",
  what2: "结论由人工作出，绝不仅凭指纹。数据最迟一年后删除。拒绝不影响交易，您可随时在此更改。",
  allow: "允许",
  refuse: "不允许",
  allowed: "您已允许我们识别此浏览器。",
  refused: "此浏览器未被识别。",
  withdraw: "停止识别",
  failed: "暂时无法发送，将在您下次登录时重试。",
};

export const consentTexts: Readonly<Record<Locale, ConsentTexts>> = { en, "zh-CN": zhCn };
