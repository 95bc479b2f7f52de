/** One JSON document for programs, or words for people. */
export function print(asJson: boolean, document: object, words: () => string): void {
  process.stdout.write(`${asJson ? JSON.stringify(document) : words()}\n`);
}
