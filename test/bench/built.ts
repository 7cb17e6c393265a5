/**
 * A module as the image has it. Run from its TypeScript, a process holds Node's compiler as well, some 20 MB that no
 * daemon has.
 * @param path below `src/`, without `.ts`
 */
export async function built<Module>(path: string): Promise<Module> {
  return await import(new URL(`../../dist/${path}.js`, import.meta.url).href);
}
