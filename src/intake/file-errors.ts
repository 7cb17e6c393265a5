/** The errno name of an error of the file system (`ENOENT`); undefined for any other error, which is a bug. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** True where the file, or a folder on its path, is not there. */
export function isGone(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

/** For a `catch`: undefined where it is not there. @throws every other error as it is */
export function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}

/** The errno of what the file system refused. @throws the error itself where it is something else */
export function refusalCode(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return code;
}
