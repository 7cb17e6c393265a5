import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { link, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** Puts a file of these bytes of a name into the inbox, in one step. */
async function dropAs(daemon: RunningDaemon, name: string | Buffer, content: string): Promise<void> {
  const hidden = join(daemon.data, 'inbox', `.${Math.random()}.part`);
  await writeFile(hidden, content);
  await rename(hidden, Buffer.concat([Buffer.from(join(daemon.data, 'inbox/')), Buffer.from(name)]));
}

/** Drops one file under each name, each for an order of its own, and waits until all are settled. */
async function settleAll(daemon: RunningDaemon, names: readonly (string | Buffer)[]) {
  const orders = daemon.sandbox.generate(names.length, { shipped: true });
  const settled: string[] = [];
  const all = Promise.withResolvers<void>();
  daemon.events.on('drop.settled', ({ name }) => {
    if (settled.push(name) === names.length) all.resolve();
  });
  for (const [at, name] of names.entries()) {
    await dropAs(daemon, name, plainFile([orders[at] ?? '', `N${at}`]));
  }
  await Promise.race([all.promise, daemon.next('bug')]);
  for (const [at, order] of orders.entries()) assert.deepEqual(daemon.standing(order), [`N${at}`]);
  const [day = ''] = await readdir(join(daemon.data, 'processed'));
  return { settled, orders, day: join(daemon.data, 'processed', day) };
}

/** Of each file that is no report, its name, and that its content is one that was dropped. */
async function processed(day: string): Promise<string[]> {
  const names = await readdir(day);
  for (const name of names) assert.match(await readFile(join(day, name), 'utf8'), /order_number/, name);
  return names.filter((name) => !/\.report(-\d+)?\.csv$/.test(name)).sort();
}

describe('A file of whatever name', { concurrency: true }, () => {
  it('is done, and lies in processed under the same name with a report beside it', async () => {
    await using daemon = await RunningDaemon.start();
    const names = [
      'two\nlines.csv',
      'a\ttab.csv',
      `"quotes" 'both'.csv`,
      '\u{1f69a} Größe.csv',
      '-rf.csv',
      '--help.csv',
      ' blanks around .csv',
      'a..csv',
      '%2e%2e.csv',
      'back\\slash.csv',
      '$(reboot);`x`&|<>.csv',
      'CON.csv',
      '\u001b[31mred.csv',
    ];
    const { day } = await settleAll(daemon, names);
    assert.deepEqual(await processed(day), names.toSorted());
    const reports = (await readdir(day)).filter((name) => name.endsWith('.report.csv'));
    assert.equal(reports.length, names.length);
    assert.deepEqual(await readdir(join(daemon.data, 'inbox')), []);
    assert.deepEqual(await readdir(join(daemon.data, 'working')), []);
  });

  it('of 255 bytes is done, its report under a name that is cut between characters', async () => {
    await using daemon = await RunningDaemon.start();
    const long = `${'ü'.repeat(125)}x.csv`;
    assert.equal(Buffer.byteLength(long), 255);
    const { day, settled } = await settleAll(daemon, [long]);
    assert.deepEqual(settled, [long]);
    for (const name of await readdir(day)) assert.match(name, /^ü+(\.report)?\.csv$/);
  });

  it('that differs from another only in case, or in how a letter is put together, is another file', async () => {
    await using daemon = await RunningDaemon.start();
    const names = ['orders.csv', 'ORDERS.csv', 'Orders.CSV', 'Gr\u00f6n.csv', 'Gro\u0308n.csv'];
    const { day } = await settleAll(daemon, names);
    assert.deepEqual(await processed(day), names.toSorted());
  });

  it('that is no UTF-8 is done, under the name that Windows-1252 makes of it', async () => {
    await using daemon = await RunningDaemon.start();
    const written = Buffer.from('R\u00fccksendung.csv', 'latin1');
    const { day, settled } = await settleAll(daemon, [
      written,
      'R\u00fccksendung.csv',
      'R\ufffdcksendung.csv',
    ]);
    assert.deepEqual(settled.toSorted(), [
      'R\u00fccksendung.csv',
      'R\u00fccksendung.csv',
      'R\ufffdcksendung.csv',
    ]);
    assert.deepEqual(await processed(day), [
      'R\u00fccksendung-2.csv',
      'R\u00fccksendung.csv',
      'R\ufffdcksendung.csv',
    ]);
  });

  it('of 255 bytes that are no UTF-8 is done under a name that is cut, with its extension', async () => {
    await using daemon = await RunningDaemon.start();
    const written = Buffer.concat([Buffer.alloc(251, 0xfc), Buffer.from('.csv')]);
    const { settled } = await settleAll(daemon, [written]);
    assert.match(settled[0] ?? '', /^ü{125}\.csv$/);
  });

  it('such as ours is done like any other', async () => {
    await using daemon = await RunningDaemon.start();
    const names = ['x.report.csv', 'x.retry.csv', 'x.waiting.csv', 'x.retry-7.csv'];
    const { settled } = await settleAll(daemon, names);
    assert.deepEqual(settled.toSorted(), names.toSorted());
  });

  it('that is hidden stays where it is, also where it has nothing but an extension', async () => {
    await using daemon = await RunningDaemon.start();
    const hidden = ['.csv', '..csv', '.claimed-me.csv', '.in.a.csv.'];
    for (const name of hidden) await dropAs(daemon, name, plainFile(['1', 'X']));
    await settleAll(daemon, ['a.csv']);
    assert.deepEqual(await readdir(join(daemon.data, 'inbox')), hidden.toSorted());
  });
});

describe('The same name', { concurrency: 4 }, () => {
  it('again and again while its predecessors are in work is as many files, each done once', async () => {
    await using daemon = await RunningDaemon.start({ store: { workers: 1 }, sandbox: { writeMs: 300 } });
    const orders = daemon.sandbox.generate(5, { shipped: true });
    const settled: string[] = [];
    const all = Promise.withResolvers<void>();
    daemon.events.on('drop.settled', ({ file }) => {
      if (settled.push(file) === orders.length) all.resolve();
    });
    for (const [at, order] of orders.entries()) {
      const claimed = daemon.next('drop.claimed');
      await daemon.drop('daily.csv', plainFile([order, `N${at}`]));
      await claimed;
    }
    assert.ok(settled.length < orders.length - 1, 'some are in work still');
    await all.promise;
    for (const [at, order] of orders.entries()) assert.deepEqual(daemon.standing(order), [`N${at}`]);
    assert.deepEqual(settled.toSorted(), [
      'daily-2.csv',
      'daily-3.csv',
      'daily-4.csv',
      'daily-5.csv',
      'daily.csv',
    ]);
  });
});

describe('Another name of the same file', { concurrency: 4 }, () => {
  it('outside of the inbox keeps its content, and its owner', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const kept = join(daemon.data, 'kept.csv');
    const content = plainFile([order, 'A1']);
    await writeFile(kept, content);
    const settled = daemon.next('drop.settled');
    await link(kept, join(daemon.data, 'inbox', 'a.csv'));
    await settled;
    assert.equal(await readFile(kept, 'utf8'), content);
    assert.deepEqual(daemon.standing(order), ['A1']);
  });

  it('inside of it is a file like any other: its number stands there already', async () => {
    await using daemon = await RunningDaemon.prepare();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    await link(join(daemon.data, 'inbox', 'a.csv'), join(daemon.data, 'inbox', 'b.csv'));
    const both = Promise.all(
      ['a.csv', 'b.csv'].map((name) => daemon.next('drop.settled', (drop) => drop.name === name)),
    );
    await daemon.start();
    await both;
    assert.deepEqual(daemon.standing(order), ['A1']);
    assert.equal(daemon.sandbox.counts().track, 1);
  });
});

describe('Something that is no drop under the name of a claim', { concurrency: 4 }, () => {
  it('is no reason not to start: a file is taken, all else stays', async () => {
    await using daemon = await RunningDaemon.prepare();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const claim = (name: string) => join(daemon.data, 'inbox', `.claimed-20261122-062233-7f3a${name}`);
    await writeFile(claim('-file.csv'), plainFile([order, 'A1']));
    execFileSync('mkdir', [claim('b-folder.csv')]);
    execFileSync('ln', ['-s', '/etc/passwd', claim('c-link.csv')]);
    execFileSync('mkfifo', [claim('d-pipe.csv')]);
    const settled = daemon.next('drop.settled');
    await daemon.start();
    assert.equal((await settled).name, 'file.csv');
    assert.deepEqual(daemon.standing(order), ['A1']);
    assert.equal((await readdir(join(daemon.data, 'inbox'))).length, 3);
    await daemon.settle('b.csv', plainFile([order, 'B1']));
  });
});
