/**
 * What kinds of file system there are for the kit: on a block device, in memory, a folder shown a second time, or
 * on a server.
 */
export type Kind = 'block' | 'memory' | 'folder' | 'network';

export function kindOf(fsType: string): Kind {
  switch (fsType) {
    case 'tmpfs':
    case 'ramfs':
      return 'memory';
    case 'bind':
      return 'folder';
    case 'nfs':
    case 'nfs4':
      return 'network';
    default:
      return 'block';
  }
}
