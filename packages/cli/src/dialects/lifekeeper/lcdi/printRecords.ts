import { plain } from '../../../text/plain.ts';
import { type LcdiCode, lcdiCodes } from './codes.ts';
import { type Call, misuse } from './defineCommand.ts';

/** One line of a list: its fields in the order in which scripts count them. */
export type Fields = Readonly<Record<string, string | number>>;

/** Byte 1: the one separator that no field can hold, since control characters are taken out of them. */
const separatorByte = '\u0001';

/**
 * Prints a list, a record a line, and with `--json` by the names of the fields. A list that is empty because nothing
 * matched ends with `whenEmpty`: scripts use that as a test for existence.
 */
export function printRecords(
  call: Pick<Call, 'around' | 'isJson' | 'name'> & { values: { f?: string; d?: string } },
  records: readonly Fields[],
  whenEmpty: LcdiCode = lcdiCodes.done,
): LcdiCode {
  const { around, isJson, name, values } = call;
  const separator = values.f ?? separatorByte;
  if ([...separator].length !== 1)
    return misuse(call, `-f takes one character, and not "${plain(separator)}"`);
  const code = records.length === 0 ? whenEmpty : lcdiCodes.done;
  if (isJson) {
    around.out.print(JSON.stringify({ schema: 'holdfast.records/1', command: name, records }));
    return code;
  }
  around.out.print(
    ...records.map((fields) =>
      Object.values(fields)
        .map((field) => plain(String(field)))
        .join(separator),
    ),
  );
  return code;
}
