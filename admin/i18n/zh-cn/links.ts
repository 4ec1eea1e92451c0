import type { LinkMessages } from "../en/links.ts";

export const linksZhCN: LinkMessages = {
  links: {
    sign: "依据",
    value: "值",
    weight: "权重",
    rarity: "稀有度",
    recency: "新近度",
    regularity: "规律性",
    kind: "类型系数",
    points: "得分",
    sharers: "共 %{smart_count} 个账户使用",
    today: "今天双方均出现",
    age: "双方最近一次均出现于 %{smart_count} 天前",
    days: "共 %{smart_count} 天",
    how: "得分 = 权重 × 稀有度 × 新近度 × 规律性 × 类型系数。评分为 1 − (1 − 得分) × … 的合成；仅描述特征的依据不会达到 0.8。",
    none: "已无任何依据。",
    group: "关联组",
    groupHelp: "谁与谁有关联：线越粗关联越强。点击连线可查看依据。",
    graph: "%{traders} 名交易者，%{links} 条关联。",
    cut: "仅显示最强的 %{count} 条关联。",
  },
};
