// node --test verify.test.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils';
import { envelopeOf, verify } from './verify.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const vectors = JSON.parse(readFileSync(join(root, '../../tests/vectors/batches.json'), 'utf8'));
const bytes = (text) => hexToBytes(text.slice(2));
const keysOf = (batch) => new Map([[batch.signerIndex, bytes(batch.publicKey)]]);

test('every envelope of the vectors verifies, and says what was signed', () => {
  for (const batch of vectors.batches) {
    for (const [i, envelope] of [batch.envelope, ...batch.runs.map((r) => r.envelope)].entries()) {
      const result = verify(bytes(envelope), keysOf(batch));
      assert.equal(result.valid, true, `${batch.name} ${i}`);
      assert.equal('0x' + result.message, batch.message);
      assert.equal('0x' + result.recordsRoot, batch.recordsRoot);
      assert.equal(String(result.sequence), batch.sequence);
      result.records.forEach((record, r) => {
        const expected = vectors.records[batch.records[result.first + r]];
        assert.equal(String(record.price), expected.price);
        assert.equal('0x' + record.feedTag, expected.feedTag);
      });
    }
  }
});

test('a changed byte anywhere is not valid, or no envelope', () => {
  const batch = vectors.batches.find((b) => b.records.length > 2);
  const good = bytes(batch.envelope);
  for (let at = 0; at < good.length; at++) {
    const bad = good.slice();
    bad[at] ^= 1;
    let valid = false;
    try {
      valid = verify(bad, keysOf(batch)).valid;
    } catch (error) {
      assert.ok(error instanceof Error && error.message.length > 0);
    }
    assert.equal(valid, false, `byte ${at}`);
  }
});

test('no key, another key or no signature is not valid', () => {
  const batch = vectors.batches[0];
  const other = vectors.keys.map((k) => k.publicKey).find((k) => k !== batch.publicKey);
  assert.equal(verify(bytes(batch.envelope), new Map()).valid, false);
  assert.equal(verify(bytes(batch.envelope), new Map([[batch.signerIndex, bytes(other)]])).valid, false);
  assert.equal(verify(bytes(batch.runs[0].unsigned), keysOf(batch)).valid, false);
});

test('the command takes a transaction\'s calldata and ends with 0 only when it is valid', () => {
  const batch = vectors.batches[0], envelope = bytes(batch.envelope);
  const word = (n) => hexToBytes(n.toString(16).padStart(64, '0'));
  const calldata = concatBytes(keccak_256('submit(bytes)').subarray(0, 4), word(32), word(envelope.length), envelope, new Uint8Array((32 - (envelope.length % 32)) % 32));
  assert.deepEqual(envelopeOf(calldata), envelope);
  const run = (...args) => spawnSync('node', [join(root, 'verify.mjs'), ...args], { encoding: 'utf8' });
  const result = run('0x' + bytesToHex(calldata), `${batch.signerIndex}=${batch.publicKey}`);
  assert.equal(result.status, 0, result.stderr);
  assert.equal(JSON.parse(result.stdout).records[0].price, vectors.records[batch.records[0]].price);
  assert.equal(run(batch.envelope, `${batch.signerIndex + 1}=${batch.publicKey}`).status, 1);
  assert.equal(run('0x01', `0=${batch.publicKey}`).status, 1);
  assert.equal(run('0x01').status, 2);
});
