/**
 * Text of others (evidence, reasons, names) made harmless for a terminal: control characters, which could move the
 * cursor or set colours, become `?`, line ends and tabs a blank.
 */
export function plain(text: string): string {
  return text
    .replace(/[\n\r\t]+/g, ' ')
    .replace(controls, '?')
    .trim();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
