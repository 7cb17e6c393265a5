import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const DOCKERFILE = fileURLToPath(new URL('../Dockerfile', import.meta.url));

export interface Instruction {
  readonly verb: string;
  readonly rest: string;
}

/** The Dockerfile as instructions, continued lines joined. */
export async function instructions(): Promise<Instruction[]> {
  const text = (await readFile(DOCKERFILE, 'utf8')).replace(/\\\n/g, ' ');
  const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
  return lines.map((line) => ({
    verb: line.split(' ', 1)[0] ?? '',
    rest: line.slice(line.indexOf(' ') + 1).trim(),
  }));
}

/** The variables with which the image starts the program. */
export async function imageEnvironment(): Promise<Record<string, string>> {
  const pairs = (await instructions())
    .filter(({ verb }) => verb === 'ENV')
    .flatMap(({ rest }) => rest.split(/\s+/))
    .map((pair) => pair.split('=', 2));
  return Object.fromEntries(pairs);
}

/** What the image starts: Node's own arguments, and the program in /app. */
export async function imageCommand(): Promise<{ nodeArgs: string[]; script: string }> {
  const entry = (await instructions()).find(({ verb }) => verb === 'ENTRYPOINT');
  const [program, ...rest] = JSON.parse(entry?.rest ?? '[]') as string[];
  const script = rest.pop();
  if (program !== 'node' || script === undefined) throw new Error('the image starts no program of Node');
  return { nodeArgs: rest, script };
}
