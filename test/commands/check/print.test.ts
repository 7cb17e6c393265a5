import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Finding, Section } from '../../../src/commands/check/finding.ts';
import { linesOf, reportOf } from '../../../src/commands/check/print.ts';

const section = (...findings: Finding[]): Section => ({
  about: 'store',
  name: 'main',
  title: 'store main: https://shop.example, WRITING',
  findings,
});

const OK: Finding = { result: 'ok', subject: 'speed', message: '42 ms' };
const PROBLEM: Finding = {
  result: 'problem',
  subject: 'ship orders',
  message: 'Magento_Sales::ship is missing.',
  hint: 'Grant it under System > Extensions > Integrations > (the integration) > API.',
};

describe('the findings of a check, for people', () => {
  test('stand a line each under what run does, with what to do below a problem', () => {
    assert.deepEqual(linesOf([section(OK, PROBLEM)], { columns: undefined, isColoured: false }), [
      'store main: https://shop.example, WRITING',
      '  ok       speed        42 ms',
      '  problem  ship orders  Magento_Sales::ship is missing.',
      '                        -> Grant it under System > Extensions > Integrations > (the integration) > API.',
      '',
      '1 problem.',
    ]);
  });

  test('fit the terminal, words whole, below each other', () => {
    const lines = linesOf([section(PROBLEM)], { columns: 70, isColoured: false });
    assert.deepEqual(lines.slice(2, 4), [
      '                        -> Grant it under System > Extensions >',
      '                        Integrations > (the integration) > API.',
    ]);
    for (const each of lines) assert.ok(each.length <= 70, each);
  });

  test('are coloured without a change of a single character', () => {
    const plain = linesOf([section(OK, PROBLEM)], { columns: 100, isColoured: false });
    const coloured = linesOf([section(OK, PROBLEM)], { columns: 100, isColoured: true });
    assert.notDeepEqual(coloured, plain);
    assert.deepEqual(coloured.map(stripVTControlCharacters), plain);
  });

  test('obey no control character of what a store or a folder is called', () => {
    const message = 'Magento answered \u001b[2J\nproblem';
    const lines = linesOf([section({ ...OK, message })], { columns: undefined, isColoured: false });
    assert.equal(lines[1], '  ok       speed  Magento answered \\u001b[2J\\u000aproblem');
  });

  test('end with how many there are to be looked at', () => {
    const last = (...findings: Finding[]) =>
      linesOf([section(...findings)], { columns: undefined, isColoured: false }).at(-1);
    const warning: Finding = { ...OK, result: 'warning' };
    assert.equal(last(OK, { ...OK, result: 'skipped' }), 'All is well.');
    assert.equal(last(warning), '1 warning.');
    assert.equal(last(PROBLEM, PROBLEM, warning), '2 problems and 1 warning.');
  });
});

test('for programs the problems and warnings are counted', () => {
  const sections = [section(OK, PROBLEM)];
  assert.deepEqual(reportOf(sections), { problems: 1, warnings: 0, sections });
});
