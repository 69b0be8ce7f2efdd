#!/usr/bin/env node
// Writes ed25519-edges.json: signatures on which verifiers of Ed25519 are known to differ. Deterministic.
//   node test/vectors/ed25519-edges.mjs          (from src/onchain/evm)
// What each verifier says of them is in ed25519-verdicts.md, which a test of the node compares with the verifiers themselves.
// The library below only adds points; it decides nothing.
import { ed25519 } from '@noble/curves/ed25519';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const SIGN = 1n << 255n;
const hash = (...parts) => parts.reduce((h, part) => h.update(part), createHash('sha512')).digest();
const little = (n) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse();
const fromLittle = (bytes) => BigInt('0x' + Buffer.from(bytes).reverse().toString('hex'));
const scalarOf = (name) => fromLittle(hash(name)) % L;

const point = ed25519.ExtendedPoint;
const O = point.ZERO;
const B = point.BASE;
const T = point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'); // order 8
const times = (n, p) => (n % L === 0n ? O : p.multiplyUnsafe(n % L));
const torsion = (i) => (i % 8 === 0 ? O : T.multiplyUnsafe(BigInt(i % 8)));
const encode = (p) => Buffer.from(p.toRawBytes());

const rows = [];
const add = (name, key, message, r, s) => rows.push({ name, key, message, r, s });

// Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs", vectors 0 to 11: message, key, signature.
[
  ['8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000', 'S = 0, small A, small R'],
  ['9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa', 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04', 'small A, mixed R'],
  ['aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab', 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e', 'mixed A, small R'],
  ['9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79', 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d', '9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009', 'mixed A, mixed R, good without cofactor'],
  ['e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c', 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d', '160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09', 'mixed A, mixed R, good with cofactor only'],
  ['e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c', 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d', '21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405', 'good only where 8k is not reduced mod L'],
  ['85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40', '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623', 'e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514', 'S > L'],
  ['85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40', '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623', '8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22', 'S >> L'],
  ['9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41', 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f', 'R not canonical, hashed reduced'],
  ['9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41', 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908', 'R not canonical, hashed as sent'],
  ['e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04', 'A not canonical, hashed reduced'],
  ['39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dca5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04', 'A not canonical, hashed as sent'],
].forEach(([message, key, signature, what], i) => {
  const [m, k, s] = [message, key, signature].map((text) => Buffer.from(text, 'hex'));
  add(`taming ${i}: ${what}`, k, m, s.subarray(0, 32), s.subarray(32));
});

// The same classes for messages of ours: 15 bytes of kind, 32 of digest. `secret` is known, so equations can be made to hold.
const secret = scalarOf('edge key');
const A = times(secret, B);
const messageOf = (name, i) => Buffer.concat([Buffer.from('OracleNodeBatch'), hash(name, String(i)).subarray(0, 32)]);

/** Tries messages until the challenge k of (r, key, message) is as wanted; then S = s(k). */
function sign(name, key, r, wanted, s) {
  for (let i = 0; ; i++) {
    const message = messageOf(name, i);
    const k = fromLittle(hash(r, key, message)) % L;
    if (wanted(k)) return add(name, key, message, r, little(s(k) % L));
  }
}
const always = () => true;
const nonce = scalarOf('edge nonce');
const R = times(nonce, B);

sign('valid', encode(A), encode(R), always, (k) => nonce + k * secret);
const [valid] = rows.slice(-1);
for (const n of [1n, 2n, 14n]) add(`S + ${n} L`, valid.key, valid.message, valid.r, little(fromLittle(valid.s) + n * L));
add('S = L - S', valid.key, valid.message, valid.r, little(L - fromLittle(valid.s)));
add('S = 0, R neutral', encode(A), messageOf('zero', 0), encode(O), little(0n));
add('S = L, R neutral', encode(A), messageOf('zero', 0), encode(O), little(L));
add('R = -R', valid.key, valid.message, little(fromLittle(valid.r) ^ SIGN), valid.s);

// Small A, in each encoding: S * B = R + k * A because k is a multiple of 8, whatever the message's signer knows.
const smallEncodings = new Map();
for (let i = 0; i < 8; i++) smallEncodings.set(`T${i}`, encode(torsion(i)));
smallEncodings.set('neutral with sign', little(1n | SIGN));
smallEncodings.set('order 2 with sign', little((P - 1n) | SIGN));
for (const [what, y] of [['order 4', P], ['neutral', P + 1n]]) {
  smallEncodings.set(`${what}, y + p`, little(y));
  smallEncodings.set(`${what}, y + p, sign`, little(y | SIGN));
}
for (const [what, key] of smallEncodings) sign(`A small (${what})`, key, encode(R), (k) => k % 8n === 0n, () => nonce);
for (const [what, key] of smallEncodings) sign(`A small (${what}), R neutral, S = 0`, key, encode(O), (k) => k % 8n === 0n, () => 0n);
// Small R: R + k * A = S * B with the cofactor, and without it for the neutral element.
for (const [what, r] of smallEncodings) sign(`R small (${what})`, encode(A), r, always, (k) => k * secret);
for (const i of [1, 2, 4]) {
  const mixed = encode(A.add(torsion(i)));
  const order = BigInt(8 / i);
  sign(`A mixed (order ${order}), good without cofactor`, mixed, encode(R), (k) => k % order === 0n, (k) => nonce + k * secret);
  sign(`A mixed (order ${order}), good with cofactor only`, mixed, encode(R), (k) => k % order !== 0n, (k) => nonce + k * secret);
  const mixedR = encode(R.add(torsion(i)));
  sign(`R mixed (order ${order}), good with cofactor only`, encode(A), mixedR, always, (k) => nonce + k * secret);
  sign(`A and R mixed (order ${order}), good without cofactor`, mixed, mixedR, (k) => (k + 1n) % order === 0n, (k) => nonce + k * secret);
  sign(`A and R mixed (order ${order}), good with cofactor only`, mixed, mixedR, (k) => (k + 1n) % order !== 0n, (k) => nonce + k * secret);
}
// Encodings of no point, and y >= p of a point that is not small (y = p + 3 where 3 is on the curve, nobody knows its logarithm).
const isPoint = (bytes) => { try { point.fromHex(bytes); return true; } catch { return false; } };
const off = Array.from({ length: 32 }, (_, y) => little(BigInt(y + 2))).find((bytes) => !isPoint(bytes));
const on = Array.from({ length: 16 }, (_, y) => BigInt(y + 3)).find((y) => y < 19n && isPoint(little(y)));
add('A not on the curve', off, valid.message, valid.r, valid.s);
add('R not on the curve', valid.key, valid.message, off, valid.s);
add(`A not canonical (y = p + ${on})`, little(P + on), valid.message, valid.r, valid.s);
add(`R not canonical (y = p + ${on})`, valid.key, valid.message, little(P + on), valid.s);

const hex = (bytes) => '0x' + Buffer.from(bytes).toString('hex');
const out = Object.fromEntries(Object.keys(rows[0]).map((name) => [name, rows.map((row) => (name === 'name' ? row.name : hex(row[name])))]));
writeFileSync(new URL('ed25519-edges.json', import.meta.url), JSON.stringify(out, null, 1) + '\n');
