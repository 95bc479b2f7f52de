import type { Problem } from '../problem.ts';
import type { WrittenDocument } from './writtenDocument.ts';

/** What is well-formed in the notifiers of a document and would not tell anybody anything, or a secret. */
export function notifierProblems(document: WrittenDocument, tags: ReadonlySet<string>): Problem[] {
  return Object.entries(document.notifiers).flatMap(([name, notifier]) => {
    const problems: Problem[] = [];
    const path = `notifiers.${name}`;
    for (const [index, tag] of (notifier.resources ?? []).entries()) {
      if (tags.has(tag)) continue;
      problems.push({
        code: 'UNKNOWN_RESOURCE',
        path: `${path}.resources.${index}`,
        what: `The notifier ${name} is for ${tag}, which the document does not describe`,
        why: 'it would never be told anything of it',
        todo: 'correct the tag, or take it out',
      });
    }
    if (notifier.type === 'webhook' && typeof notifier.url === 'string') {
      const url = URL.canParse(notifier.url) ? new URL(notifier.url) : undefined;
      if (url === undefined) problems.push(badUrl(path, name));
      else {
        if (url.username !== '' || url.password !== '') problems.push(secretInUrl(path, name));
        if (url.protocol === 'http:' && !notifier.inTheOpen) problems.push(inTheOpen(path, name));
      }
    }
    if (notifier.type === 'email' && notifier.smtp !== undefined) {
      const { user, password, tls } = notifier.smtp;
      if ((user === undefined) !== (password === undefined)) problems.push(halfALogin(path, name));
      if (password !== undefined && tls === 'none') problems.push(passwordInTheOpen(path, name));
    }
    return problems;
  });
}

function badUrl(path: string, name: string): Problem {
  return {
    code: 'BAD_NOTIFIER',
    path: `${path}.url`,
    what: `The address of the notifier ${name} cannot be read`,
    why: 'it is not a URL',
    todo: 'write one such as https://chat.example.org/hook',
  };
}

function secretInUrl(path: string, name: string): Problem {
  return {
    code: 'BAD_NOTIFIER',
    path: `${path}.url`,
    what: `The address of the notifier ${name} has a user or a password in it`,
    why: 'whoever may read the document could read them',
    todo: 'write the address without them, and headers: { Authorization: { file: ... } }',
  };
}

function inTheOpen(path: string, name: string): Problem {
  return {
    code: 'BAD_NOTIFIER',
    path: `${path}.url`,
    what: `The notifier ${name} would send its messages in the open`,
    why: 'its address begins with http://',
    todo: 'write https://, or inTheOpen: true where the network is trusted',
  };
}

function halfALogin(path: string, name: string): Problem {
  return {
    code: 'BAD_NOTIFIER',
    path: `${path}.smtp`,
    what: `The notifier ${name} has half of a login`,
    why: 'a user needs a password, and a password a user',
    todo: 'write both, or neither',
  };
}

function passwordInTheOpen(path: string, name: string): Problem {
  return {
    code: 'BAD_NOTIFIER',
    path: `${path}.smtp.tls`,
    what: `The notifier ${name} would send its password in the open`,
    why: 'tls is none',
    todo: 'write tls: starttls, or leave user and password out',
  };
}
