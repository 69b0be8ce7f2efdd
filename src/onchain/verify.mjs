#!/usr/bin/env node
// Verifies a batch by hand, apart from every contract: from the bytes of a relay transaction to the records that were signed.
//   node verify.mjs <calldata of submit, or envelope, 0x...> <signer index>=<public key, 0x...> [...]
// Prints what was signed as JSON; ends with 1 unless every signature in it is valid and by a key that was given. The layout
// is documented in OracleNode.Core/Updates/README.md.
import { pathToFileURL } from 'node:url';
import { ed25519 } from '@noble/curves/ed25519';
import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';
import { readRecord } from './solana/reader.mjs';

const RECORD_LENGTHS = [0, 65, 110]; // by type
const PREFIX = 56, SIGNATURE = 65;

const bytesOf = (text) => hexToBytes(text.replace(/^0x/, ''));

/** The envelope inside the calldata of `submit(bytes)` or `trySubmit(bytes)`; other bytes are taken for an envelope. */
export function envelopeOf(bytes) {
  if (bytes.length < 68 || bytes.length % 32 !== 4) return bytes;
  const selectors = ['submit(bytes)', 'trySubmit(bytes)'].map((text) => bytesToHex(keccak_256(text).subarray(0, 4)));
  if (!selectors.includes(bytesToHex(bytes.subarray(0, 4)))) return bytes;
  const length = Number(BigInt('0x' + bytesToHex(bytes.subarray(36, 68))));
  return bytes.subarray(68, 68 + length);
}

/**
 * Reads an envelope and checks its signatures.
 * @param keys Map of signer index to public key, from a source that you trust: `signerKey(epoch, index)` of the contract, or
 *   the operator's published keys.
 * @returns header fields, records with the bytes that were signed, and for each signature whether it is valid
 */
export function verify(envelope, keys) {
  const view = new DataView(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  if (envelope.length < PREFIX || envelope[0] !== 1) throw new Error(`not an envelope of version 1: ${envelope.length} bytes, first byte ${envelope[0]}`);
  const count = view.getUint16(21), signatureCount = envelope[55];
  let at = PREFIX + signatureCount * SIGNATURE;
  if (envelope.length < at + 3) throw new Error(`ends inside its ${signatureCount} signatures`);
  const first = view.getUint16(at), level = envelope[at + 2];
  at += 3;
  const run = Math.min(2 ** level, count - first);
  if (first >= count || level > 16 || first % 2 ** level !== 0 || (level > 0 && 2 ** (level - 1) >= count)) throw new Error(`no run ${first}, level ${level} in ${count} records`);

  // The path lies before the records and is used after them.
  const siblings = [];
  for (let index = first >> level, size = Math.ceil(count / 2 ** level); size > 1; index >>= 1, size = Math.ceil(size / 2)) {
    if (index % 2 === 0 && index + 1 >= size) {
      siblings.push(null); // without a partner: promoted
      continue;
    }
    siblings.push({ left: index % 2 === 1, hash: envelope.subarray(at, at + 32) });
    at += 32;
  }

  const records = [];
  for (let i = 0; i < run; i++) {
    const length = RECORD_LENGTHS[envelope[at]] ?? 0;
    if (length === 0 || at + length > envelope.length) throw new Error(`no whole record at byte ${at}`);
    records.push(envelope.subarray(at, at + length));
    at += length;
  }
  if (at !== envelope.length) throw new Error(`${envelope.length - at} bytes too many`);

  let nodes = records.map((record) => keccak_256(concatBytes(Uint8Array.of(0), record)));
  while (nodes.length > 1) {
    nodes = nodes.flatMap((node, i) => (i % 2 === 1 ? [] : i + 1 < nodes.length ? [keccak_256(concatBytes(node, nodes[i + 1]))] : [node]));
  }
  const root = siblings.reduce((node, sibling) => (sibling === null ? node : keccak_256(sibling.left ? concatBytes(sibling.hash, node) : concatBytes(node, sibling.hash))), nodes[0]);

  const header = concatBytes(envelope.subarray(0, 23), root, envelope.subarray(23, 55));
  const message = concatBytes(utf8ToBytes('OracleNodeBatch'), keccak_256(header));
  const signatures = [];
  for (let i = 0; i < signatureCount; i++) {
    const start = PREFIX + i * SIGNATURE, signer = envelope[start], key = keys.get(signer);
    const valid = key !== undefined && isValid(envelope.subarray(start + 1, start + SIGNATURE), message, key);
    signatures.push({ signer, known: key !== undefined, valid });
  }
  const sequence = view.getBigUint64(13);
  return {
    deployment: bytesToHex(envelope.subarray(1, 9)), epoch: view.getUint32(9), sequence, attestedAtMillis: Number(sequence >> 4n), count, first,
    recordsRoot: bytesToHex(root), evidenceRoot: bytesToHex(envelope.subarray(23, 55)), message: bytesToHex(message),
    signatures, valid: signatureCount > 0 && signatures.every((s) => s.valid), records: records.map(readRecord),
  };
}

/** RFC 8032: the library takes malformed keys and signatures for errors, which here are just not valid. */
function isValid(signature, message, key) {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [bytes, ...given] = process.argv.slice(2);
  if (!bytes || given.length === 0 || !given.every((g) => /^\d{1,3}=(0x)?[0-9a-fA-F]{64}$/.test(g)) || !/^(0x)?([0-9a-fA-F]{2})+$/.test(bytes)) {
    process.stderr.write('usage: node verify.mjs <calldata of submit, or envelope> <signer index>=<public key of 32 bytes> [...]\n');
    process.exit(2);
  }
  try {
    const result = verify(envelopeOf(bytesOf(bytes)), new Map(given.map((g) => [Number(g.split('=')[0]), bytesOf(g.split('=')[1])])));
    process.stdout.write(JSON.stringify(result, (_, value) => (typeof value === 'bigint' ? value.toString() : value), 2) + '\n');
    process.exit(result.valid ? 0 : 1);
  } catch (error) {
    process.stderr.write(`verify.mjs: ${error.message}\n`);
    process.exit(1);
  }
}
