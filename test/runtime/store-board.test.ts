import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Events } from '../../src/events.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { StoreBoard } from '../../src/runtime/store-board.ts';

function openBoard() {
  const events = new Events();
  const clock = { ...systemClock, atMs: 1, wallMs: () => clock.atMs };
  return { events, clock, board: new StoreBoard(['main', 'outlet'], { events, clock }) };
}

const UP = { state: 'up', sinceMs: null, why: '', missingRights: [], failingWrites: [] } as const;
const right = 'Magento_Sales::ship';

test('a store is up as long as nothing else was heard, and each stands for itself', () => {
  const { events, board } = openBoard();
  events.emit('store.down', { store: 'outlet', message: 'reset', failing: 'everything' });
  assert.deepEqual(board.standings, [
    { ...UP, store: 'main' },
    { ...UP, store: 'outlet', state: 'down', sinceMs: 1, why: 'reset' },
  ]);
});

test('a store that answers in part is down, and what it does not do is said', () => {
  const { events, board } = openBoard();
  events.emit('store.down', { store: 'main', message: 'Magento answered 503', failing: 'writes' });
  assert.match(
    board.standings[0]?.why ?? '',
    /^it answers questions and takes no writes: Magento answered 503$/,
  );
});

test('what a store was before is gone once it is up, and since when is kept while it stays what it is', () => {
  const { events, clock, board } = openBoard();
  const main = () => board.standings[0];
  events.emit('store.sign-in-refused', { store: 'main', message: 'refused' });
  clock.atMs = 2;
  events.emit('store.sign-in-refused', { store: 'main', message: 'refused again' });
  assert.deepEqual(main(), { ...UP, store: 'main', state: 'refused', sinceMs: 1, why: 'refused again' });
  clock.atMs = 3;
  events.emit('store.up', { store: 'main', downForMs: 2 });
  assert.deepEqual(main(), { ...UP, store: 'main', sinceMs: 3 });
});

test('a right that is missing is told beside the state, until it is granted', () => {
  const { events, board } = openBoard();
  events.emit('store.right-missing', { store: 'main', right, message: 'no' });
  events.emit('store.right-missing', { store: 'main', right: 'another', message: 'no' });
  events.emit('store.right-granted', { store: 'main', right: 'another' });
  assert.deepEqual(board.standings[0], {
    ...UP,
    store: 'main',
    missingRights: [{ right, sinceMs: 1, why: 'no' }],
  });
  events.emit('store.right-granted', { store: 'main', right });
  assert.deepEqual(board.standings[0], { ...UP, store: 'main' });
});

test('nothing is noted any more once it is disposed of', () => {
  const { events, board } = openBoard();
  board[Symbol.dispose]();
  events.emit('store.down', { store: 'main', message: 'reset', failing: 'everything' });
  assert.equal(board.standings[0]?.state, 'up');
});

const ALL = { writes: 'all' } as const;
const BERLN = { writes: 'ship', source: 'berln' } as const;

test('which writes do not come through is told beside the state, and what to look at, until one of them does', () => {
  const { events, clock, board } = openBoard();
  const failing = () => board.standings[0]?.failingWrites ?? [];
  const told = () => failing().map(({ kind, sinceMs }) => ({ kind, sinceMs }));
  events.emit('store.writes-failing', { store: 'main', message: 'Could not save', kind: ALL });
  clock.atMs = 2;
  events.emit('store.writes-failing', { store: 'main', message: 'Could not save', kind: BERLN });
  assert.deepEqual(told(), [
    { kind: ALL, sinceMs: 1 },
    { kind: BERLN, sinceMs: 2 },
  ]);
  const [all, ofSource] = failing().map(({ why }) => why);
  assert.match(all ?? '', /^no writes come through.*: Could not save\. Look into the shop's log/);
  assert.match(
    ofSource ?? '',
    /^no shipments from source berln come through.*Other writes go on\. See that the shop has a source berln/,
  );
  assert.equal(board.standings[0]?.state, 'up');
  events.emit('store.writes-working', { store: 'main', kind: ALL });
  assert.deepEqual(told(), [{ kind: BERLN, sinceMs: 2 }]);
  events.emit('store.writes-working', { store: 'main', kind: { ...BERLN, source: 'Berln' } });
  assert.deepEqual(failing(), []);
});

test('what does not come through is told by its kind, with where to look, and that the others go on', () => {
  const { events, board } = openBoard();
  const kinds = [{ writes: 'track' }, { writes: 'ship', source: null }] as const;
  for (const kind of kinds)
    events.emit('store.writes-failing', { store: 'main', message: 'Could not save', kind });
  assert.deepEqual(
    board.standings[0]?.failingWrites.map(({ why }) => why),
    [
      "no numbers for shipments that are there come through, whichever order they are of: Could not save. Other writes go on. Look into the shop's log, for a full disk or a module that is broken.",
      "no shipments that name no source come through, whichever order they are of: Could not save. Other writes go on. See that the shop's default source holds enough of what is shipped; it answers like this, too, where it does not. If it does, look into the shop's log, for a full disk or a module that is broken.",
    ],
  );
});
