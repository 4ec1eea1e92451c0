/** Words of the pages about linked accounts, beside those of the declarations. */
export const linksEn = {
  links: {
    sign: "Sign",
    value: "Value",
    weight: "Weight",
    rarity: "Rarity",
    recency: "Recency",
    regularity: "Regularity",
    kind: "Kind",
    points: "Points",
    sharers: "%{smart_count} account has it |||| %{smart_count} accounts have it",
    today: "seen together today",
    age: "last with both %{smart_count} day ago |||| last with both %{smart_count} days ago",
    days: "on %{smart_count} day |||| on %{smart_count} days",
    how: "Points = weight × rarity × recency × regularity × kind. The score is 1 − (1 − points) × … of all signs; what only describes a person never comes to 0.8.",
    none: "Nothing that says so is known any more.",
    group: "Group",
    groupHelp: "Who is linked with whom: thicker is stronger. Choose a line to see what it comes from.",
    graph: "%{traders} traders, links: %{links}.",
    cut: "Only the %{count} strongest links are shown.",
  },
};
export type LinkMessages = typeof linksEn;
