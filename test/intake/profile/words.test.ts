import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLUMN_ROLES } from '../../../src/domain/profile.ts';
import { simplified } from '../../../src/intake/profile/column-name.ts';
import { certaintyOf } from '../../../src/intake/profile/synonyms.ts';
import { WORDS } from '../../../src/intake/profile/words.ts';

const CERTAINTIES = ['sure', 'possible', 'misleading'] as const;

test('no word is taken for two roles', () => {
  const seen = new Map<string, string>();
  for (const role of COLUMN_ROLES) {
    for (const word of [...WORDS[role].sure, ...WORDS[role].possible]) {
      const name = simplified(word);
      assert.equal(seen.get(name) ?? role, role, `${word} is ${role} and ${seen.get(name)}`);
      seen.set(name, role);
    }
  }
});

test('no word of a role stands in two classes', () => {
  for (const role of COLUMN_ROLES) {
    for (const certainty of CERTAINTIES) {
      for (const word of WORDS[role][certainty]) {
        assert.equal(certaintyOf(role, simplified(word)), certainty, `${word} as ${role}`);
      }
    }
  }
});

test('every word has a letter left when it is simplified', () => {
  for (const role of COLUMN_ROLES) {
    for (const word of CERTAINTIES.flatMap((certainty) => WORDS[role][certainty])) {
      assert.match(simplified(word), /^[a-z0-9]{2,}$/, word);
    }
  }
});

test('a name is the same with umlauts, with their two letters and without; `#`, `№` and `n°` are `no`', () => {
  const same = [
    ['Stückzahl', 'Stueckzahl', 'STUCKZAHL', 'Stu\u0308ckzahl'],
    ['Größe', 'Groesse', 'grosse', 'GRÖSSE', 'GRÖẞE'],
    ['Numéro de suivi', 'numero_de_suivi', 'NUMÉRO-DE-SUIVI'],
    ['Order #', 'Order No.', 'ORDER№', 'Order n°', 'order nº', '"Order-No"', '\ufefforder_no:'],
    ['Cœur', 'Coeur'],
    ['Ærø', 'Aeroe'],
  ];
  for (const [first = '', ...others] of same) {
    for (const other of others) assert.equal(simplified(other), simplified(first), other);
  }
  assert.notEqual(simplified('Order'), simplified('Order #'));
});

test('a name counts to its 200th character, however many accents come then', () => {
  assert.equal(simplified('x'.repeat(300)), 'x'.repeat(200));
  assert.equal(simplified(`Order No${'\u0301\u0323'.repeat(100_000)}`), simplified('Order No'));
});
