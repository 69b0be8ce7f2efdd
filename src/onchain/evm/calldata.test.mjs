// node --test calldata.test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliLength, fastLzLength, table } from './calldata.mjs';

const snapshots = join(import.meta.dirname, 'snapshots');

// Lengths that the OP Stack's own tests expect of these.
const legacyTransaction = 'dd80808094095e7baea6a6c7c4c2dfeb977efac326af552d878080808080';
const contractCall = '02f901550a758302df1483be21b88304743f94f80e51afb613d764fa61751affd3313c190a86bb870151bd62fd12adb8e41ef24f3f'
  + '000000000000000000000000000000000000000000000000000000000000006e'
  + '000000000000000000000000af88d065e77c8cc2239327c5edb3a432268e5831'
  + '000000000000000000000000000000000000000000000000000000000003c1e5'
  + '0000000000000000000000000000000000000000000000000000000000000000'
  + '00000000000000000000000000000000000000000000000000000000000000a0'
  + '0000000000000000000000000000000000000000000000000000000000000014'
  + '8c89ed219d02f1a5be012c689b4f5b731827bebe000000000000000000000000'
  + 'c001a033fd89cb37c31b2cba46b6466e040c61fc9b2a3675a7f5f493ebd5ad77c497f8'
  + 'a07cdf65680e238392693019b4092f610222e71b7cec06449cb922b93b6a12744e';

for (const [name, data, length] of [
  ['nothing', Buffer.alloc(0), 0],
  ['zeros', Buffer.alloc(1000), 21],
  ['ones', Buffer.alloc(1000, 1), 21],
  ['a transfer', Buffer.from(legacyTransaction, 'hex'), 31],
  ['a call', Buffer.from(contractCall, 'hex'), 202],
]) {
  test(`FastLZ length of ${name}`, () => assert.equal(fastLzLength(data), length));
}

test('the committed table is that of the committed calls', () => {
  const calls = JSON.parse(readFileSync(join(snapshots, 'calls.json'), 'utf8'));
  assert.deepEqual(Object.keys(calls), ['1', '5', '20', '50']);
  assert.equal(readFileSync(join(snapshots, 'calldata.txt'), 'utf8'), table(calls));
});

test('a further feed costs less than its bytes', () => {
  const calls = JSON.parse(readFileSync(join(snapshots, 'calls.json'), 'utf8'));
  const [one, fifty] = ['1', '50'].map((feeds) => Buffer.from(calls[feeds].slice(2), 'hex'));
  for (const compressed of [fastLzLength, brotliLength]) assert.ok((compressed(fifty) - compressed(one)) / 49 < 65, compressed.name);
});
