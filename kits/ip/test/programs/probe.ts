import { connect, type Socket } from 'node:net';
import { answerLines } from '@holdfast/testkit/kits';

/**
 * A client of a service: knocks at an address until somebody who names itself answers, and says how long that took. It
 * knocks anew all the time, as a packet that was lost is sent again only after a second. `probe.ts SOCKET`
 */
const knockEveryMs = 4;
const knockForMs = 60;

type Request = { host: string; port: number; name: string; withinMs: number };

answerLines<Request>(knock);

function knock({ host, port, name, withinMs }: Request): Promise<{ isServed: boolean }> {
  return new Promise((resolve) => {
    const open = new Set<Socket>();
    const end = (isServed: boolean): void => {
      clearInterval(timer);
      clearTimeout(over);
      for (const socket of open) socket.destroy();
      resolve({ isServed });
    };
    const once = (): void => {
      const socket = connect({ host, port });
      open.add(socket);
      const giveUp = setTimeout(() => socket.destroy(), knockForMs);
      socket.on('data', (text) => {
        if (text.toString() === name) end(true);
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(giveUp);
        open.delete(socket);
      });
    };
    const timer = setInterval(once, knockEveryMs);
    const over = setTimeout(() => end(false), withinMs);
    once();
  });
}
