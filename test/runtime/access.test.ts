import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { UsageError } from '../../src/domain/failure.ts';
import { openAccess } from '../../src/runtime/access.ts';

const MODES = { file: 0o640, folder: 0o750 };
const DAEMON = { uid: 1000, gids: [1000, 1005] };

describe('The group of what is put away', () => {
  let folder = '';
  let groups = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trackdrop-groups-'));
    groups = join(folder, 'group');
    await writeFile(groups, 'root:x:0:\ndaemon:x:1000:\noperations:x:1005:anna,ben\nvoid:x::\n');
  });

  after(() => rm(folder, { recursive: true }));

  const open = (group: string | null, user: typeof DAEMON | undefined = DAEMON, file = groups) =>
    openAccess({ ...MODES, group }, user, file);

  const refused = (code: string, hint: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.code, code);
    assert.match(error.hint, hint);
    return true;
  };

  it('is found by its name in the system’s list', async () => {
    assert.deepEqual(await open('operations'), { uid: 1000, fileMode: 0o640, folderMode: 0o750, gid: 1005 });
  });

  it('may be a number that the list does not have', async () => {
    assert.equal((await open('4711', { uid: 1000, gids: [4711] })).gid, 4711);
  });

  it('is left to the system where none is configured', async () => {
    assert.equal((await open(null)).gid, null);
  });

  it('is refused where nobody knows it, also where there is no list', async () => {
    await assert.rejects(open('operation'), refused('group-unknown', /getent group operation/));
    await assert.rejects(open('void'), refused('group-unknown', /groupadd/));
    await assert.rejects(open('root', DAEMON, join(folder, 'none')), refused('group-unknown', /number/));
  });

  it('is refused where the user is no member of it', async () => {
    await assert.rejects(open('root'), refused('group-not-ours', /usermod -aG root .*--group-add 0/));
  });

  it('may be any for root', async () => {
    assert.equal((await open('operations', { uid: 0, gids: [0] })).gid, 1005);
  });
});
