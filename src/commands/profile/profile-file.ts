import { basename } from 'node:path';

const EXTENSION = /\.ya?ml$/i;

/** Whether what a person calls a profile is a file: names of profiles hold no folder, and few end in `.yaml`. */
export function isProfileFile(words: string): boolean {
  return EXTENSION.test(words) || words.includes('/');
}

/** The profile is called as its file is. */
export function profileFileName(path: string): string {
  return basename(path).replace(EXTENSION, '');
}
