import type { Locale } from "#contracts/names.ts";

/** Words of the list of shortcuts, loaded with it. */
export interface KeysTexts {
  readonly title: string;
  readonly dismiss: string;
  readonly singleKeys: string;
  readonly list: readonly (readonly [key: string, does: string])[];
}

const en: KeysTexts = {
  title: "Keyboard",
  dismiss: "Close",
  singleKeys: "Use single-letter keys",
  list: [
    ["B", "Prepare to buy"],
    ["S", "Prepare to sell"],
    ["↑ ↓", "One lot step more or fewer"],
    ["Enter", "Confirm what is prepared"],
    ["Esc", "Cancel what is prepared"],
    ["X", "Close the focused position"],
    ["T", "Take profit on or off"],
    ["L", "Stop loss on or off"],
    ["Tab", "To the lines on the chart; ↑ ↓ move a line a tick, with Shift ten, Enter sends, Esc takes it back"],
    ["?", "Show or hide this list"],
  ],
};

const zhCn: KeysTexts = {
  title: "键盘操作",
  dismiss: "关闭",
  singleKeys: "使用单字母按键",
  list: [
    ["B", "准备买入"],
    ["S", "准备卖出"],
    ["↑ ↓", "增减一个手数步长"],
    ["Enter", "确认所准备的操作"],
    ["Esc", "取消所准备的操作"],
    ["X", "平掉所选持仓"],
    ["T", "开关止盈"],
    ["L", "开关止损"],
    ["Tab", "选中图表上的价格线；↑ ↓ 移动一跳，按住 Shift 移动十跳，Enter 发送，Esc 还原"],
    ["?", "显示或隐藏本列表"],
  ],
};

export const keysTexts: Readonly<Record<Locale, KeysTexts>> = { en, "zh-CN": zhCn };
