/** Why the lab can not do what was asked. Thrown, not returned: a test or a demo without its lab has nothing to go on with. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly why: string;
  readonly todo: string;

  constructor(problem: Readonly<{ what: string; why: string; todo: string; cause?: unknown }>) {
    super(
      `${problem.what}\n  why   ${problem.why}\n  do    ${problem.todo}`,
      problem.cause === undefined ? {} : { cause: problem.cause },
    );
    this.why = problem.why;
    this.todo = problem.todo;
  }
}
