import { basename } from 'node:path';
import { PROFILE_EXTENSION } from '../../config/profile-files.ts';

/** Whether what a person calls a profile is a file: names of profiles hold no folder, and few end in `.yaml`. */
export function isProfileFile(words: string): boolean {
  return PROFILE_EXTENSION.test(words) || words.includes('/');
}

/** The profile is called as its file is. */
export function profileFileName(path: string): string {
  return basename(path).replace(PROFILE_EXTENSION, '');
}
