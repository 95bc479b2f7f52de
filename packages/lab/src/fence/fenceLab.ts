import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { type FenceQuestion, fenceSocket } from './fenceSocket.ts';

/*
 * A fence agent as those of the package fence-agents, for the nodes of a lab: it reads name=value from standard input and
 * asks the lab, which stands outside of all nodes, to do it.
 */

const metadata = `<?xml version="1.0" ?>
<resource-agent name="fence_lab" shortdesc="The power of the nodes of a lab">
<parameters>
  <parameter name="action" required="1"><content type="string" default="off" /></parameter>
  <parameter name="plug" required="1" obsoletes="port"><content type="string" /></parameter>
  <parameter name="port" required="1" deprecated="1"><content type="string" /></parameter>
  <parameter name="password" required="0"><content type="string" /></parameter>
</parameters>
<actions>
  <action name="on" /><action name="off" /><action name="reboot" /><action name="status" />
  <action name="monitor" /><action name="metadata" />
</actions>
</resource-agent>
`;

const given = new Map(
  (await text(process.stdin))
    .split('\n')
    .filter((line) => !line.startsWith('#') && line.includes('='))
    .map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
);
const action = given.get('action') ?? 'off';
if (action === 'metadata') {
  process.stdout.write(metadata);
  process.exit(0);
}
const question: FenceQuestion = {
  action,
  plug: given.get('plug') ?? given.get('port') ?? '',
  password: given.get('password') ?? '',
};
const connection = createConnection(fenceSocket);
connection.on('error', (error) => end(1, `the lab cannot be reached: ${error.message}`));
connection.end(`${JSON.stringify(question)}\n`);
const said = await text(connection).catch((error: Error) => JSON.stringify({ code: 1, says: error.message }));
if (said === '') end(1, 'the lab gave no answer');
const { code, says } = JSON.parse(said) as { code: number; says: string };
end(code, says);

function end(code: number, says: string): never {
  process.stderr.write(`${says}\n`);
  process.exit(code);
}
