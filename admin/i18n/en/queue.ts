/** Words of the work queues. */
export const queueEn = {
  help: "↑ ↓ or J K: next and previous. A letter behind a command gives it; nothing is done before it is confirmed.",
  empty: "Nothing waits here.",
  waiting: "%{smart_count} waits |||| %{smart_count} wait",
};
