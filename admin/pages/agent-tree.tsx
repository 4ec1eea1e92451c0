export function AgentTree() {
  return null;
}
