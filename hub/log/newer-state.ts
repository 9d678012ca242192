/** LOG-5: a stream holds what a newer version of Comanda wrote, its state or an event: this process is too old to decide on it. */
export class NewerState extends Error {
  override readonly name = "NewerState";
  readonly stream: string;

  constructor(stream: string, what = "its state") {
    super(`${stream} was written by a newer version of Comanda (${what}): this process must be upgraded`);
    this.stream = stream;
  }
}
