/** Words of the work queues. */
export const queueZhCN = {
  help: "↑ ↓ 或 J K：上一条与下一条。按命令后的字母执行该命令，确认前不会执行。",
  empty: "暂无待处理的记录。",
  waiting: "待处理 %{smart_count} 条",
};
