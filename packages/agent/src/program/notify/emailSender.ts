import type { NotifierSettings } from '@holdfast/core';
import { run } from '@holdfast/kit';
import type { SendMailOptions } from 'nodemailer';
import type { Sender, SendResult, SentMessage } from '../../index.ts';
import { smtpTransport } from './smtpTransport.ts';

type Settings = Extract<NotifierSettings, { type: 'email' }>;

/** Hands messages to a mail server, or to the sendmail program of the node, which may keep them until one is there. */
export function emailSender(settings: Settings): Sender {
  const { smtp, to, sendmail } = settings;
  return {
    to: `${to.join(', ')} through ${smtp?.host ?? sendmail[0]}`,
    send: async (message, signal) => {
      const mail = mailOf(settings, message);
      return smtp === undefined
        ? throughSendmail(settings, mail, signal)
        : throughServer(smtp, mail, { signal, timeout: settings.timeout });
    },
  };
}

function mailOf(
  { from, to }: Settings,
  message: SentMessage,
): SendMailOptions & { from: string; to: string[] } {
  return {
    from: from ?? `holdfast@${message.node}`,
    to,
    subject: message.subject,
    text: message.text,
    date: new Date(message.at),
    // The same for each try, so that a message that was sent twice can be seen to be one.
    messageId: `<${message.id}@${message.node}>`,
    // No holiday note comes back.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Holdfast-Severity': message.severity },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

async function throughServer(
  smtp: NonNullable<Settings['smtp']>,
  mail: SendMailOptions,
  given: { signal: AbortSignal; timeout: number },
): Promise<SendResult> {
  const transport = await smtpTransport(smtp, given.timeout);
  try {
    const sent = await transport.sendMail({ ...mail, signal: given.signal });
    const refused = sent.rejected.length === 0 ? '' : `, and refused it for ${sent.rejected.join(', ')}`;
    return { ok: true, final: true, says: `${smtp.host} took it: ${sent.response.slice(0, 100)}${refused}` };
  } catch (error) {
    const { code, responseCode, message } = error as Error & { code?: string; responseCode?: number };
    // Its own words, without what we said to it: a login is among that.
    const says = `${smtp.host}: ${responseCode ?? code ?? 'error'}: ${message.split('\n')[0]!.slice(0, 200)}`;
    return { ok: false, final: false, says };
  } finally {
    transport.close();
  }
}

async function throughSendmail(
  { sendmail, timeout, to }: Settings,
  mail: SendMailOptions & { from: string },
  signal: AbortSignal,
): Promise<SendResult> {
  const { createTransport } = await import('nodemailer');
  const writer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  const { message } = await writer.sendMail(mail);
  const argv = [...sendmail, '-f', mail.from, '--', ...to] as [string, ...string[]];
  const result = await run(argv, { budgetMs: timeout, signal, input: String(message) });
  return { ok: result.ok, final: false, says: result.says };
}
