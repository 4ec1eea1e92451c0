/** A part of the program that runs until it is stopped. */
export interface RunningRole {
  readonly name: string;
  /** Takes no new work, ends what it has begun, lets go of what it holds. */
  readonly stop: () => Promise<void>;
}
