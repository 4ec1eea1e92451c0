export { clusterMates } from "./cluster-mates.ts";
export { confirmGroup, decideLink, type LinkDecision, type LinkRefusal, setMainAccount } from "./decide-link.ts";
