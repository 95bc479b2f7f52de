import { secretFile } from '../../cluster/powerSwitch.ts';
import { dataDirectory, mountPoint } from '../../cluster/trio.ts';

export const address = '10.77.0.50';

/** What an operator would write, where nodes can be fenced. */
export const fencedOn = (device: string): string => `${documentOn(device)}fencing:
  devices:
    switch:
      agent: fence_lab
      parameters: { password: { file: ${secretFile} } }
  nodes:
    alpha: { levels: [[{ device: switch, parameters: { plug: alpha } }]] }
    beta: { levels: [[{ device: switch, parameters: { plug: beta } }]] }
`;

export const documentOn = (device: string): string => `nodes: [alpha, beta]
policy:
  quickCheck: { every: 1s }
  failover: { forget: 5s }
resources:
  pg-ip:
    type: ip
    settings: { address: ${address}/24, device: eth0 }
  pg-disk:
    type: filesystem
    settings: { device: ${device}, mountPoint: ${mountPoint}, fsType: ext4 }
  pg:
    type: postgresql
    needs: [pg-disk, pg-ip]
    settings: { dataDirectory: ${dataDirectory} }
`;
