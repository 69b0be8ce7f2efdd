#!/usr/bin/env node
// Writes ed25519.json: signatures made by an independent library, and what must be refused. Deterministic.
//   node test/vectors/ed25519.mjs          (from src/onchain/evm)
import { ed25519 } from '@noble/curves/ed25519';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const hex = (bytes) => '0x' + Buffer.from(bytes).toString('hex');
const seed = (name, i) => createHash('sha256').update(`${name} ${i}`).digest();
const little = (n) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse();
const fromLittle = (bytes) => BigInt('0x' + Buffer.from(bytes).reverse().toString('hex'));
const challenge = (r, a, m) => fromLittle(createHash('sha512').update(r).update(a).update(m).digest()) % L;

// Random keys and messages: two messages for each of twelve keys.
const valid = [];
for (let i = 0; i < 24; i++) {
  const secret = seed('key', i >> 1);
  const tag = i % 4 === 3 ? seed('tag', i).subarray(0, 15) : Buffer.from(i % 2 ? 'OracleNodeProof' : 'OracleNodeBatch');
  const digest = seed('digest', i);
  const signature = ed25519.sign(Buffer.concat([tag, digest]), secret);
  valid.push({ key: ed25519.getPublicKey(secret), tag, digest, r: signature.subarray(0, 32), s: signature.subarray(32) });
}

// RFC 8032 section 7.1: messages of other lengths than ours, so the challenge comes from here.
const rfc = [
  ['d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
  ['3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
  ['fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
  ['ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704'],
].map(([key, message, signature]) => {
  const [k, m, s] = [key, message, signature].map((t) => Buffer.from(t, 'hex'));
  if (!ed25519.verify(s, m, k)) throw new Error(`RFC 8032 vector of ${key} does not verify`);
  return { key: k, challenge: little(challenge(s.subarray(0, 32), k, m)).reverse(), r: s.subarray(0, 32), s: s.subarray(32) };
});

// Keys of small order, in every encoding that decodes to one: y below p and y + p where it fits, both signs.
const point = ed25519.ExtendedPoint;
const torsion = point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
if (!torsion.multiplyUnsafe(8n).equals(point.ZERO) || torsion.multiplyUnsafe(4n).equals(point.ZERO)) throw new Error('not of order 8');
const canonical = new Set();
const nonCanonical = new Set();
let small = point.ZERO;
for (let i = 0; i < 8; i++, small = small.add(torsion)) {
  const { x, y } = small.toAffine();
  canonical.add(hex(small.toRawBytes()));
  if (x === 0n) nonCanonical.add(hex(little(y | (1n << 255n))));
  if (y + P < 1n << 255n) for (const sign of [0n, 1n]) nonCanonical.add(hex(little((y + P) | (sign << 255n))));
}
// The 19 values of y from p to 2^255 - 1, whatever they decode to.
for (let y = P; y < 1n << 255n; y++) for (const sign of [0n, 1n]) nonCanonical.add(hex(little(y | (sign << 255n))));

const offCurve = [];
for (let i = 0; offCurve.length < 8; i++) {
  const bytes = seed('point', i);
  bytes[31] &= 0x7f;
  try { point.fromHex(bytes); } catch { offCurve.push(hex(bytes)); }
}

// A key plus each point of small order but the neutral one.
const mixed = [];
small = torsion;
for (let i = 1; i < 8; i++, small = small.add(torsion)) {
  mixed.push(hex(point.fromHex(ed25519.getPublicKey(seed('key', 0))).add(small).toRawBytes()));
}

// A signature whose R carries a component of small order: it verifies with the cofactor only.
const cofactored = (() => {
  const secret = seed('key', 0);
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(secret);
  const tag = Buffer.from('OracleNodeBatch');
  const digest = seed('cofactored', 0);
  const nonce = fromLittle(seed('nonce', 0)) % L;
  const r = point.BASE.multiply(nonce).add(torsion).toRawBytes();
  const k = challenge(r, pointBytes, Buffer.concat([tag, digest]));
  return { key: pointBytes, tag, digest, r, s: little((nonce + k * scalar) % L) };
})();

// R = neutral element: S = k * a, a signature by somebody who knows the key, refused all the same, in its canonical
// encoding and in those that a lenient decoder takes for it.
const neutralBy = (r) => {
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(seed('key', 0));
  const tag = Buffer.from('OracleNodeBatch');
  const digest = seed('neutral', 0);
  return { key: pointBytes, tag, digest, r, s: little((challenge(r, pointBytes, Buffer.concat([tag, digest])) * scalar) % L) };
};
const neutral = neutralBy(point.ZERO.toRawBytes());
const nonCanonicalR = [1n | (1n << 255n), 1n + P, (1n + P) | (1n << 255n)].map((encoding) => neutralBy(little(encoding)));

const columns = (rows) => Object.fromEntries(Object.keys(rows[0]).map((name) => [name, rows.map((row) => hex(row[name]))]));
const out = {
  valid: columns(valid), rfc: columns(rfc), cofactored: columns([cofactored]), neutral: columns([neutral]),
  nonCanonicalR: columns(nonCanonicalR),
  smallOrderKeys: [...canonical], nonCanonicalKeys: [...nonCanonical], offCurveKeys: offCurve, mixedOrderKeys: mixed,
};
writeFileSync(new URL('ed25519.json', import.meta.url), JSON.stringify(out, null, 1) + '\n');
