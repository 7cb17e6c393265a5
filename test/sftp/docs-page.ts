import { readFile } from 'node:fs/promises';

const PAGE = new URL('../../docs/sftp.md', import.meta.url);

/** The fenced blocks of docs/sftp.md by what stands behind the fence, such as `sh users`; of several the first. */
export async function blocksOfPage(): Promise<ReadonlyMap<string, string>> {
  const blocks = new Map<string, string>();
  for (const [, info = '', text = ''] of (await readFile(PAGE, 'utf8')).matchAll(
    /^```(.+)\n([\s\S]*?)^```$/gm,
  )) {
    if (!blocks.has(info)) blocks.set(info, text);
  }
  return blocks;
}
