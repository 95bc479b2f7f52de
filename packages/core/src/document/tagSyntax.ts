import type { Problem } from '../problem.ts';

/**
 * LifeKeeper's rule for tags (letters, digits, `- _ . /`, at most 256, not beginning with `.` or `/`), and one
 * more: a tag does not begin with `-`, because it is typed as the value of an option.
 */
const tagSyntax = /^[A-Za-z0-9_][A-Za-z0-9._/-]{0,255}$/;

export function tagProblems(tag: string): Problem[] {
  if (tagSyntax.test(tag)) return [];
  return [
    {
      code: 'BAD_TAG',
      path: `resources.${tag}`,
      what: `"${tag.length > 60 ? `${tag.slice(0, 57)}...` : tag}" cannot be a tag`,
      why: 'a tag has at most 256 letters, digits and - _ . / and begins with a letter, a digit or _',
      todo: 'choose another tag',
    },
  ];
}
