/**
 * The places that a line of `findmnt --poll --raw -n -o ACTION,TARGET,OLD-TARGET` is about. Raw output writes
 * unusual letters as \xNN.
 */
export function readMountEvent(line: string): readonly string[] {
  const [, ...places] = line.trim().split(' ');
  return places.map((place) =>
    Buffer.from(
      place.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ).toString(),
  );
}
