import { fileURLToPath } from 'node:url';
import type { ControlledShipment, ControlledTrack } from '../../src/sandbox/control.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import type { OAuthCredentials } from '../../src/sandbox/signing.ts';
import type { Counts } from '../../src/sandbox/traffic.ts';
import { COMPILE_CACHE, type NodeProcess, startNode } from './node-process.ts';

/** A Magento store in memory, in a process of its own; see src/sandbox/control.ts for what can be done to it. */
export interface SandboxProcess extends NodeProcess {
  readonly url: string;
  readonly bearer: string;
  readonly oauth: OAuthCredentials;
  /** Runs a command such as `POST faults` or `DELETE counts`. @throws Error with the sandbox's own words */
  control(command: string, body?: unknown): Promise<unknown>;
  /** Adds paid orders of one simple item, shipped or not; gives their increment ids. */
  generate(count: number, more?: { readonly shipped?: boolean }): Promise<string[]>;
  counts(): Promise<Counts>;
  resetCounts(): Promise<void>;
  tracks(): Promise<ControlledTrack[]>;
  shipments(): Promise<ControlledShipment[]>;
}

const MAIN = fileURLToPath(new URL('./sandbox-main.ts', import.meta.url));

/** Resolves when it listens. */
export async function startSandboxProcess(options: SandboxOptions = {}): Promise<SandboxProcess> {
  const { promise: firstLine, resolve, reject } = Promise.withResolvers<string>();
  const started = startNode({ args: [MAIN, JSON.stringify(options)], env: COMPILE_CACHE, onLine: resolve });
  void started.exit.then(() => reject(new Error(`the sandbox did not start\n${started.stderr()}`)));
  const about = JSON.parse(await firstLine) as Pick<SandboxProcess, 'url' | 'bearer' | 'oauth'>;

  async function control(command: string, body?: unknown): Promise<unknown> {
    const [method, path] = command.split(' ');
    const response = await fetch(`${about.url}/_sandbox/${path}`, {
      method: method ?? 'GET',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`the sandbox refused ${command}: ${JSON.stringify(answer)}`);
    return answer;
  }
  return {
    ...started,
    ...about,
    control,
    generate: async (count, more = {}) => (await control('POST generate', { count, ...more })) as string[],
    counts: async () => (await control('GET counts')) as Counts,
    resetCounts: async () => void (await control('DELETE counts')),
    tracks: async () => (await control('GET tracks')) as ControlledTrack[],
    shipments: async () => (await control('GET shipments')) as ControlledShipment[],
  };
}
