/** A call to a member of etcd that gave no answer. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /** False when etcd surely has not begun with it. */
  readonly sent: boolean;
  /** The status that etcd itself gave; undefined when the connection or the time ended. */
  readonly status: number | undefined;
  /** The time was over: this member, or the way to it, may hang. */
  readonly isLate: boolean;

  constructor(options: Readonly<{ why: string; sent: boolean; status?: number; isLate?: boolean }>) {
    super(options.why);
    this.sent = options.sent;
    this.status = options.status;
    this.isLate = options.isLate ?? false;
  }
}
