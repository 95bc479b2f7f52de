/**
 * Quiet while all is well. A test that fails says so as it ends, with its full name, its file and what went wrong;
 * the last line, alone, is the count: `12 passed, 0 failed`.
 */
export default class QuietReporter {
  #passed = 0;
  #failed = 0;
  #skipped = 0;
  #reported = new Set();

  onTestCaseResult(test, result) {
    if (result.status !== 'failed') return;
    this.#reported.add(nameOf(test.path, result.fullName));
    this.#sayFailure(test.path, result.fullName, result.failureMessages);
  }

  onTestResult(test, suite) {
    for (const { status, fullName, failureMessages } of suite.testResults) {
      if (status === 'passed') this.#passed += 1;
      else if (status === 'failed') this.#failed += 1;
      else this.#skipped += 1;
      // Some runners tell of a failure only here.
      if (status === 'failed' && !this.#reported.has(nameOf(test.path, fullName)))
        this.#sayFailure(test.path, fullName, failureMessages);
    }
    if (suite.testExecError === undefined && !(suite.failureMessage && suite.testResults.length === 0))
      return;
    // A file that does not even run has no tests to count, and must not look like one that passed.
    this.#failed += 1;
    const { message, stack } = suite.testExecError ?? {};
    this.#sayFailure(test.path, 'the file does not run', [suite.failureMessage ?? stack ?? message]);
  }

  onRunComplete() {
    const skipped = this.#skipped === 0 ? '' : `, ${this.#skipped} skipped`;
    process.stdout.write(`${this.#passed} passed, ${this.#failed} failed${skipped}\n`);
  }

  #sayFailure(path, name, messages) {
    const where = path.startsWith(process.cwd()) ? path.slice(process.cwd().length + 1) : path;
    process.stdout.write(`\nFAILED ${name}\n  in ${where}\n${messages.map(ownLines).join('\n')}\n\n`);
  }
}

/** Without the stack inside the libraries: it is the same for every failure. */
function ownLines(message) {
  return String(message)
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules|node:internal)/.test(line))
    .join('\n')
    .trimEnd();
}

function nameOf(path, fullName) {
  return `${path}\n${fullName}`;
}
