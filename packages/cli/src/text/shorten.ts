/** A value that does not fit, with dots in its middle: both ends of a tag or a path tell more than its beginning. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 5) return text.slice(0, Math.max(0, width));
  const kept = width - 3;
  const tail = Math.floor(kept / 2);
  return `${text.slice(0, kept - tail)}...${text.slice(text.length - tail)}`;
}
