/** Where each stream (a room of the server) stands, to notice events that were left out. */
export class StreamPositions {
  readonly #last = new Map<string, number>();

  /** The positions of a snapshot. */
  reset(streams: Readonly<Record<string, number>>): void {
    for (const [stream, position] of Object.entries(streams)) this.#last.set(stream, position);
  }

  /** Notes an event; true when some were left out before it. The first of an unknown stream begins it. */
  missed(stream: string, streamSeq: number | undefined): boolean {
    if (streamSeq === undefined) return false;
    const last = this.#last.get(stream);
    if (last === undefined || streamSeq > last) this.#last.set(stream, streamSeq);
    return last !== undefined && streamSeq > last + 1;
  }
}
