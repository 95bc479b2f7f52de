import { start } from '../../src/index.ts';

/** Starts some programs that run for long, and is killed in the same moment. */
const [seconds = ''] = process.argv.slice(2);
for (let count = 0; count < 3; count += 1) start(['sleep', seconds]);
process.kill(process.pid, 'SIGKILL');
