import { type LabHost, type LabNode, must } from '../labHost.ts';
import type { Lab } from '../openLab.ts';

/** Where every host of the lab has its files: ca.pem, client.pem and client-key.pem, and those of each member. */
export type EtcdTls = Readonly<{ folder: string; ca: string; cert: string; key: string }>;

const folder = '/etc/etcd-tls';
const budget = { budgetMs: 20_000 };

/** Makes an authority that nobody else knows, and a certificate for each member and for a client named `holdfast`. */
export async function makeCertificates(lab: Lab, nodes: readonly LabNode[]): Promise<EtcdTls> {
  const { client } = lab;
  await must(client, ['install', '-d', '-m', '700', folder], budget);
  await must(
    client,
    ['openssl', 'req', '-x509', ...newKey('ca'), '-subj', '/CN=lab', '-days', '2', '-out', path('ca.pem')],
    budget,
  );
  await makeCertificate(client, { name: 'client', subject: 'holdfast', address: '10.77.0.1' });
  for (const { name, address } of nodes) await makeCertificate(client, { name, subject: name, address });
  for (const node of nodes) {
    for (const file of [
      'ca.pem',
      'client.pem',
      'client-key.pem',
      `${node.name}.pem`,
      `${node.name}-key.pem`,
    ]) {
      const { stdout } = await must(client, ['cat', path(file)], budget);
      await node.writeFile(path(file), stdout, 0o600);
    }
  }
  return { folder, ca: path('ca.pem'), cert: path('client.pem'), key: path('client-key.pem') };
}

async function makeCertificate(
  client: LabHost,
  { name, subject, address }: Readonly<{ name: string; subject: string; address: string }>,
): Promise<void> {
  const request = path(`${name}.csr`);
  await must(client, ['openssl', 'req', ...newKey(name), '-subj', `/CN=${subject}`, '-out', request], budget);
  const extensions = `subjectAltName=IP:${address}\nextendedKeyUsage=serverAuth,clientAuth\n`;
  await client.writeFile(path(`${name}.ext`), extensions);
  const signed = ['-CA', path('ca.pem'), '-CAkey', path('ca-key.pem'), '-CAcreateserial', '-days', '2'];
  await must(
    client,
    [
      'openssl',
      'x509',
      '-req',
      '-in',
      request,
      ...signed,
      '-extfile',
      path(`${name}.ext`),
      '-out',
      path(`${name}.pem`),
    ],
    budget,
  );
}

function newKey(name: string): readonly string[] {
  return [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    path(`${name}-key.pem`),
  ];
}

function path(file: string): string {
  return `${folder}/${file}`;
}
