import assert from 'node:assert/strict';
import { chmod, open } from 'node:fs/promises';
import { test } from 'node:test';
import { whyStuck } from '../../src/intake/stuck-file.ts';
import { dataFolder } from './folders.ts';

const NEEDS_ROOT = process.getuid?.() === 0 ? false : 'only root may be somebody else meanwhile';
/** A container may run as a number that no list has. */
const NAMELESS = 4711;

test('a file that cannot be read is told of to a user who has no name, too', {
  skip: NEEDS_ROOT,
}, async () => {
  await using data = await dataFolder();
  await chmod(data.base, 0o755);
  const path = await data.drop('a.csv', 'text');
  await chmod(path, 0o600);
  process.seteuid?.(NAMELESS);
  try {
    const error = await open(path).then(
      () => assert.fail('it could be opened'),
      (refused: Error) => refused,
    );
    const stuck = await whyStuck({ path, folder: data.inbox }, error);
    assert.match(stuck?.message ?? '', /owner root \(0\), group root \(0\), mode 0600/);
    assert.match(stuck?.hint ?? '', /chgrp it to a group that this user is in and chmod g\+r/);
  } finally {
    process.seteuid?.(0);
  }
});
