/** A list of tags such as `a,b` as a part of a document; nothing where the option was not given. */
export function listOf(name: string, text: string | undefined): Record<string, string[]> {
  if (text === undefined) return {};
  return {
    [name]: text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  };
}
