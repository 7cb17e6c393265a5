import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../runs.ts';
import { configFiles } from './config-files.ts';

const { problems } = configFiles();

function insideOf(part: string, whole: string, at: number): boolean {
  const start = whole.lastIndexOf(part, at);
  return start !== -1 && at < start + part.length;
}

describe('a configuration file', () => {
  test('never shows a secret, wherever it was put', async () => {
    const hush = 'hushhush0123';
    const places = fc.constantFrom(
      `stores: ${hush}`,
      `stores: { main: ${hush} }`,
      `stores: { main: { auth: ${hush} } }`,
      `stores: { main: { auth: { oauth: ${hush} } } }`,
      `stores: { main: { auth: { oauth: { consumerKey: [${hush}] } } } }`,
      `stores: { main: { auth: { bearer: "${hush} " } } }`,
      `stores: { main: { auth: { admin: { password: ${hush} } } } }`,
      `stores: { main: { auth: { token: ${hush} } } }`,
      `stores: { main: { url: "https://me:${hush}@shop.example.com" } }`,
      `stores: { main: { auth: { bearer: "${hush} } } }`,
      `stores: { main: { auth: { bearer: @${hush} } } }`,
      `stores: { main: { auth: { bearer: *${hush} } } }`,
      `stores: { main: { auth: { bearer: !${hush} x } } }`,
      `stores: { main: { auth: { bearer: "\\x${hush}" } } }`,
      `stores:\n  main:\n    auth:\n    bearer: x: ${hush}\n`,
    );
    await fc.assert(
      fc.asyncProperty(places, async (yaml) => {
        for (const problem of await problems(yaml)) assert.ok(!problem.includes(hush), problem);
      }),
    );
  });

  test('never shows a secret, whatever was mistyped beside it', async () => {
    const hush = 'hush0123hush0123';
    const yaml = `stores:\n  main:\n    auth:\n      oauth:\n        consumerKey: ${hush}\n        accessToken: '${hush}'\n`;
    const outside = [...yaml.matchAll(/./gs)]
      .map(({ index }) => index)
      .filter((at) => !insideOf(hush, yaml, at));
    const slip = fc.record({
      at: fc.constantFrom(...outside),
      removed: fc.nat(2),
      added: fc.string({ unit: fc.constantFrom(...':{}[]"\'*&!|>%@`#,-? \n\ta'), maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(slip, async ({ at, removed, added }) => {
        const mistyped = yaml.slice(0, at) + added + yaml.slice(at + removed);
        for (const problem of await problems(mistyped))
          assert.ok(!problem.includes(hush), `${mistyped}\n${problem}`);
      }),
      runs(200),
    );
  });
});
