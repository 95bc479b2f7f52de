/** All that a stream has, as text. Undefined when it is more than a configuration could ever be. */
export async function readAll(stream: NodeJS.ReadStream): Promise<string | undefined> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const piece of stream) {
    text += piece;
    if (text.length > 16 * 1024 * 1024) return undefined;
  }
  return text;
}
