import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { CHAPTERS } from './chapters.ts';
import { PAGE } from './generate-page.ts';
import { pageOf } from './page.ts';
import { ShopOfCases } from './shop-of-cases.ts';

let shop: ShopOfCases;
before(async () => {
  shop = await ShopOfCases.open(CHAPTERS.flatMap(({ cases }) => cases));
});
after(() => shop[Symbol.asyncDispose]());

for (const { title, cases } of CHAPTERS) {
  describe(title, { concurrency: true }, () => {
    for (const one of cases) {
      it(one.says, async () => {
        const { files, after, requests } = await shop.play(one);
        assert.deepEqual(
          { reports: files.map(({ report }) => report), after, requests },
          { reports: one.files.map(({ report }) => report), after: one.after, requests: one.requests ?? {} },
        );
      });
    }
  });
}

it('docs/kinds-of-orders.md is what npm run generate makes of the cases', async () => {
  assert.equal(await readFile(PAGE, 'utf8'), await pageOf(CHAPTERS));
});

it('each order of the cases has a number of its own', () => {
  const numbers = CHAPTERS.flatMap(({ cases }) => cases).map(
    ({ orders }) => new Set(orders.map(({ incrementId }) => incrementId)),
  );
  const all = numbers.flatMap((each) => [...each]);
  assert.equal(new Set(all).size, all.length);
});
