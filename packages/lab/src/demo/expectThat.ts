/** The demo tells what it saw, so it ends where that is not what was promised. */
export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The demo expected that ${what}. It did not come true.`);
}
