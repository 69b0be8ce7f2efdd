#!/usr/bin/env node
// What a rollup posts of a submit call: prints the table that is committed as snapshots/calldata.txt.
//   node calldata.mjs
// The calls are those of the gas report (snapshots/calls.json, written by FOUNDRY_PROFILE=gas forge test). Base charges a
// transaction by its FastLZ length (since Fjord), Arbitrum by its Brotli length (quality 1 since ArbOS 20, window 22). Both
// compress the whole signed transaction; its other fields add about 110 bytes that do not compress.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const WINDOW = 0x1fff;
const LONGEST_MATCH = 262;
const LONGEST_LITERALS = 32;
const TAIL = 13; // no match begins in the last bytes

/** Length of `data` after FastLZ level 1, without making it. */
export function fastLzLength(data) {
  const seen = new Uint32Array(WINDOW + 1);
  const three = (at) => data[at] | (data[at + 1] << 8) | (data[at + 2] << 16);
  const hash = (value) => (Math.imul(value, 0x9e3779b9) >>> 19) & WINDOW;
  const literals = (count) => Math.floor(count / LONGEST_LITERALS) * (LONGEST_LITERALS + 1) + (count % LONGEST_LITERALS && (count % LONGEST_LITERALS) + 1);
  const match = (count) => 3 * Math.floor((count - 1) / LONGEST_MATCH) + ((count - 1) % LONGEST_MATCH >= 6 ? 3 : 2);

  const end = Math.max(data.length - TAIL, 0);
  let length = 0;
  let written = 0;
  let at = 2;
  while (at < end) {
    const value = three(at);
    const slot = hash(value);
    const earlier = seen[slot];
    seen[slot] = at;
    if (at + 1 >= end) break;
    if (at - earlier > WINDOW || value !== three(earlier)) {
      at++;
      continue;
    }

    length += literals(at - written);
    // Of the bytes after the three: those that are equal, and the first that is not, as the reference counts.
    let count = 0;
    while (at + 3 + count < end + 9) {
      count++;
      if (data[earlier + 2 + count] !== data[at + 2 + count]) break;
    }
    length += match(count);
    at += count;
    for (let i = 0; i < 2; i++, at++) seen[hash(three(at))] = at;
    written = at;
  }

  return length + literals(data.length - written);
}

/** Length of `data` after Brotli as Arbitrum prices it. */
export function brotliLength(data) {
  return brotliCompressSync(data, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  }).length;
}

export function table(calls) {
  const rows = [['feeds', 'calldata', 'FastLZ (Base)', 'per feed', 'Brotli (Arbitrum)', 'per feed']];
  for (const [feeds, hex] of Object.entries(calls)) {
    const data = Buffer.from(hex.slice(2), 'hex');
    const [fastLz, brotli] = [fastLzLength(data), brotliLength(data)];
    rows.push([feeds, data.length, fastLz, (fastLz / feeds).toFixed(1), brotli, (brotli / feeds).toFixed(1)].map(String));
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join('  ') + '\n').join('');
}

const root = dirname(fileURLToPath(import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(table(JSON.parse(readFileSync(join(root, 'snapshots/calls.json'), 'utf8'))));
}
