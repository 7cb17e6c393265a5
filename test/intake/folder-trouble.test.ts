import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FolderError } from '../../src/domain/failure.ts';
import { reasonOf } from '../../src/intake/folder-trouble.ts';
import { mountSmallDisk, noMount } from '../small-disk.ts';
import { dataFolder } from './folders.ts';

const errno = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: said by the system, write`), { code, syscall: 'write', path });

describe('What is in the way of work in a folder', () => {
  it('is, on a disk that is full, told with the folders that are on it', { skip: noMount() }, async () => {
    await using data = await dataFolder();
    const [full, other] = [join(data.base, 'full'), join(data.base, 'other')];
    for (const folder of [full, other]) await mkdir(folder);
    using disk = mountSmallDisk(full, 1);
    disk.fill();
    assert.equal(
      await reasonOf(errno('ENOSPC'), [full, other]),
      `ENOSPC: no room is left in ${full}. Make room there, and it goes on.`,
    );
  });

  it('is told as the system says it where the folders are well, and with the hint that there is', async () => {
    await using data = await dataFolder();
    const said = errno('EACCES', join(data.inbox, 'a.csv'));
    assert.equal(await reasonOf(said, [data.inbox]), said.message);
    const known = new FolderError('mount-gone', 'nothing is mounted', { hint: 'Mount it again.' });
    assert.equal(await reasonOf(known, [data.inbox]), 'nothing is mounted. Mount it again.');
  });
});
