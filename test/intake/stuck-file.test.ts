import assert from 'node:assert/strict';
import { chmod, chown, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Events } from '../../src/events.ts';
import { groupInWords, userInWords } from '../../src/intake/accounts.ts';
import { Claims } from '../../src/intake/claim.ts';
import { whyStuck } from '../../src/intake/stuck-file.ts';
import { dataFolder, found } from './folders.ts';

const ID = '20261122-062233-7f3a';
const isRoot = process.getuid?.() === 0;
const asNobody = { skip: isRoot ? false : 'only root can be somebody else for a while' };

interface Modes {
  /** Default: that of root. */
  readonly gid?: number;
  readonly file: number;
  readonly folder: number;
}

/** What is told of a file of root's with these modes, when nobody is to take it; undefined where it can be taken. */
async function toldOf({ gid = 0, file, folder }: Modes): Promise<string | undefined> {
  await using data = await dataFolder();
  const path = await data.drop('a.csv', 'x\n');
  await mkdir(data.working);
  for (const each of [data.base, data.working]) await chmod(each, 0o777);
  await chown(path, 0, gid);
  await chmod(path, file);
  await chmod(data.inbox, folder);
  const events = new Events();
  let told: string | undefined;
  events.on('file.stuck', ({ message, hint }) => {
    told = `${message}. ${hint}`;
  });
  const claims = new Claims({ inbox: 'main', folder: data.inbox, working: data.working }, events);
  const listed = await found(data.inbox, 'a.csv');
  process.seteuid?.(65534);
  try {
    await claims.claim(listed, ID);
  } finally {
    process.seteuid?.(0);
  }
  assert.equal(Object.keys(await data.files()).includes('inbox/a.csv'), told !== undefined);
  return told;
}

describe('A file that cannot be taken', () => {
  it('where its group may not read it, is a matter of the umask', asNobody, async () => {
    const told = await toldOf({ gid: 54_321, file: 0o600, folder: 0o777 });
    assert.match(told ?? '', /owner root \(0\), group 54321, mode 0600: EACCES/);
    assert.match(told ?? '', /umask must leave the group read access \(0027\)/);
  });

  it('where its group may read it, is a matter of who is in the group', asNobody, async () => {
    const told = await toldOf({ gid: 54_321, file: 0o640, folder: 0o777 });
    assert.match(told ?? '', /make this user, nobody \(65534\), a member of the group 54321, and start/);
    assert.doesNotMatch(told ?? '', /umask/);
  });

  it('of the group root, is to get another group, since nobody should be in that one', asNobody, async () => {
    const told = await toldOf({ file: 0o000, folder: 0o777 });
    assert.match(
      told ?? '',
      /another group than root: chgrp it to a group that this user, nobody \(65534\), is in/,
    );
    assert.doesNotMatch(told ?? '', /must be in the group/);
  });

  it('out of an inbox with the sticky bit, is a matter of that bit', asNobody, async () => {
    const told = await toldOf({ file: 0o644, folder: 0o1777 });
    assert.match(told ?? '', /EPERM.* sticky bit.*: chmod -t \/\S+\/inbox\.$/);
  });

  it('out of an inbox that we may not write, is a matter of the inbox', asNobody, async () => {
    const told = await toldOf({ file: 0o644, folder: 0o755 });
    assert.match(
      told ?? '',
      /write in the inbox, which has owner root \(0\), group root \(0\), mode 0755: chmod 2770/,
    );
  });

  it('that nobody may change, whatever its mode, is a matter of its marks', async () => {
    await using data = await dataFolder();
    const path = await data.drop('a.csv', 'x\n');
    const error = Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'rename' });
    const { hint } = (await whyStuck({ path, folder: data.inbox }, error)) ?? {};
    assert.match(hint ?? '', /immutable or append-only.*lsattr/);
  });

  it('is not told of where it can be taken', asNobody, async () => {
    assert.equal(await toldOf({ file: 0o644, folder: 0o777 }), undefined);
  });

  it('that another program has open is waited for, and one on a broken disk too', async () => {
    await using data = await dataFolder();
    const path = await data.drop('a.csv', 'x\n');
    const hint = async (code: string) => {
      const error = Object.assign(new Error(code), { code, syscall: 'rename' });
      return (await whyStuck({ path, folder: data.inbox }, error))?.hint;
    };
    assert.match((await hint('EBUSY')) ?? '', /Another program has it open/);
    assert.match((await hint('EIO')) ?? '', /tried again/);
    await rename(path, join(data.base, 'away'));
    assert.equal(await hint('EACCES'), undefined);
  });
});

describe('Numbers of users and groups', () => {
  it('are told with their names where the list has them, and alone where it has not', async () => {
    await using data = await dataFolder();
    const list = join(data.base, 'list');
    await writeFile(list, 'root:x:0:0::/root:/bin/sh\nsftp:x:1001:1001::/:/sbin/nologin\n');
    assert.equal(await userInWords(1001, list), 'sftp (1001)');
    assert.equal(await groupInWords(1002, list), '1002');
    assert.equal(await groupInWords(1001, join(data.base, 'none')), '1001');
  });
});
