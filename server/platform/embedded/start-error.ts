/** A start that cannot go on, for a reason the operator can mend. The message is one plain sentence with the remedy. */
export class StartError extends Error {}
