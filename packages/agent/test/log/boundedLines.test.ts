import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BoundedLines, type Sink } from '../../src/program/log/boundedLines.ts';
import { rotatedFile } from '../../src/program/log/rotatedFile.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sayLost = (count: number, why: string): string => `LOST ${count} ${why}\n`;

describe('lines on their way', () => {
  test('are written in order, those of one moment as one piece', async () => {
    const pieces: string[] = [];
    const lines = new BoundedLines(async (text) => void pieces.push(text), sayLost);
    for (const line of ['a\n', 'b\n', 'c\n']) lines.write(line);
    await lines.settled();
    expect(pieces).toEqual(['a\nb\nc\n']);
  });

  test('that find a full disk are counted, and the count is written when there is room again', async () => {
    let isFull = true;
    const pieces: string[] = [];
    const sink: Sink = async (text) => {
      if (isFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      pieces.push(text);
    };
    const lines = new BoundedLines(sink, sayLost);
    lines.write('a\n');
    lines.write('b\n');
    await lines.settled();
    isFull = false;
    lines.write('c\n');
    await lines.settled();
    expect(pieces).toEqual(['LOST 2 ENOSPC\nc\n']);
  });

  test('for a reader that hangs are bounded', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pieces: string[] = [];
    const lines = new BoundedLines(async (text) => {
      await promise;
      pieces.push(text);
    }, sayLost);
    const line = `${'x'.repeat(1_023)}\n`;
    for (let count = 0; count < 10_000; count += 1) lines.write(line);
    resolve();
    await lines.settled();
    lines.write('end\n');
    await lines.settled();
    const written = pieces.join('');
    expect(written.length).toBeLessThan(4.1 * 1024 * 1024);
    // Not matched as a whole: megabytes in a message of a test help nobody.
    expect(written.includes('it is written too slowly\n')).toBe(true);
    expect(written.endsWith('\nend\n')).toBe(true);
  });
});

describe('a rotated file', () => {
  const rotation = { maxBytes: 100, keep: 2 };

  test('never grows beyond its bound, keeps so many, and only its group may read it', async () => {
    const file = join(folder, 'log/agent.log');
    const { write, close } = rotatedFile(file, rotation);
    for (let count = 0; count < 20; count += 1) await write(`${'x'.repeat(39)}\n`);
    await close();
    expect((await readdir(join(folder, 'log'))).sort()).toEqual(['agent.log', 'agent.log.1', 'agent.log.2']);
    for (const name of ['agent.log', 'agent.log.1', 'agent.log.2'])
      expect((await stat(join(folder, 'log', name))).size).toBeLessThanOrEqual(100);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
  });

  test('goes on with what an agent before it left', async () => {
    const file = join(folder, 'agent.log');
    await writeFile(file, `${'x'.repeat(89)}\n`);
    const { write, close } = rotatedFile(file, rotation);
    await write('new new new\n');
    await close();
    expect(await readFile(file, 'utf8')).toBe('new new new\n');
    expect((await readFile(`${file}.1`, 'utf8')).length).toBe(90);
  });

  test('is made anew when somebody takes it away, and after a time without its folder', async () => {
    const file = join(folder, 'log/agent.log');
    const { write, close } = rotatedFile(file, rotation);
    await write('one\n');
    await rm(file);
    await write('two\n');
    expect(await readFile(file, 'utf8')).toBe('two\n');
    await rename(file, `${file}.old`);
    await write('new\n');
    expect(await readFile(file, 'utf8')).toBe('new\n');
    await rename(join(folder, 'log'), join(folder, 'gone'));
    await rm(join(folder, 'gone/agent.log'));
    await writeFile(join(folder, 'log'), 'a file in the place of the folder');
    await expect(write('lost\n')).rejects.toThrow(/./);
    await rm(join(folder, 'log'));
    await mkdir(join(folder, 'log'));
    await write('three\n');
    await close();
    expect(await readFile(file, 'utf8')).toBe('three\n');
  });
});
