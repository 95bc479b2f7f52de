import type { NotifierSettings } from '@holdfast/core';
import type { Sender } from '../../index.ts';
import { commandSender } from './commandSender.ts';
import { emailSender } from './emailSender.ts';
import { webhookSender } from './webhookSender.ts';

/** The way to one who is told. */
export function senderOf(settings: NotifierSettings, given: { version: string }): Sender {
  switch (settings.type) {
    case 'command':
      return commandSender(settings);
    case 'webhook':
      return webhookSender(settings, given);
    case 'email':
      return emailSender(settings);
  }
}
