/** Lets what is given to it happen one after the other, in the order in which it came. */
export class OneByOne {
  #last: Promise<unknown> = Promise.resolve();

  run<Value>(act: () => Promise<Value>): Promise<Value> {
    const mine = this.#last.then(act, act);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
