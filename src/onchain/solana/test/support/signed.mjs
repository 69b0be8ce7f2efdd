// The signed bytes, written from Updates/README.md alone and independently of the node's own encoder.

import { ed25519 } from "@noble/curves/ed25519";
import { keccak_256 } from "@noble/hashes/sha3";

export const keccak = (...parts) => Buffer.from(keccak_256(Buffer.concat(parts)));
export const hex = (text) => Buffer.from(text.replace(/^0x/, ""), "hex");

function bigEndian(value, bytes) {
  return hex(BigInt.asUintN(8 * bytes, BigInt(value)).toString(16).padStart(2 * bytes, "0"));
}

const absent = -(1n << 47n);
const offset = (value, price) => bigEndian(value === undefined ? absent : BigInt(value) - BigInt(price), 6);

export function deploymentId(name) {
  return keccak(Buffer.from("OracleNode deployment v1" + name)).subarray(0, 8);
}

export function feedId({ identity, quote, unit, decimals }) {
  const text = (t) => Buffer.concat([Buffer.from([t.length]), Buffer.from(t, "latin1")]);
  return keccak(Buffer.from("OracleNode feed v1"), text(identity), text(quote), Buffer.from([unit, decimals]));
}

export function encodeRecord(r) {
  const share = Buffer.concat([
    Buffer.from([r.token ? 2 : 1]), r.tag, bigEndian(r.price, 8), bigEndian(r.confidence ?? 0, 6),
    offset(r.bid, r.price), offset(r.ask, r.price), offset(r.ema, r.price),
    Buffer.from([((r.session ?? 2) << 4) | (r.closedReason ?? 0), ((r.haltReason ?? 0) << 4) | (r.state ?? 1)]),
    bigEndian(r.holdReasons ?? 0, 4), Buffer.from([r.sourcesUsed ?? 3, r.sourcesRejected ?? 0, r.upstreams ?? 3]),
    bigEndian(r.observedAt, 6), bigEndian(r.nextChangeAt ?? 0, 5), bigEndian(r.maxAge ?? 60, 4),
  ]);
  if (!r.token) return share;
  const t = r.token;
  return Buffer.concat([share, bigEndian(t.multiplier, 16), bigEndian(t.next ?? 0, 16), bigEndian(t.activation ?? 0, 5), bigEndian(t.underlying, 8)]);
}

/** What a leaf is the hash of. */
export const leafOf = (record) => Buffer.concat([Buffer.from([0]), record]);

export const leaf = (record) => keccak(leafOf(record));

export function levels(leaves) {
  const all = [leaves];
  while (all.at(-1).length > 1) {
    const below = all.at(-1), above = [];
    for (let i = 0; i < below.length; i += 2) above.push(i + 1 < below.length ? keccak(below[i], below[i + 1]) : below[i]);
    all.push(above);
  }
  return all;
}

export function path(tree, first, level) {
  const siblings = [];
  for (let i = first >> level, l = level; l < tree.length - 1; i >>= 1, l++) if ((i ^ 1) < tree[l].length) siblings.push(tree[l][i ^ 1]);
  return siblings;
}

const zeroHash = Buffer.alloc(32);

export class Batch {
  constructor({ deployment, epoch = 1, sequence, records, evidence = zeroHash, version = 1 }) {
    this.records = records;
    this.tree = levels(records.map(leaf));
    this.prefix = Buffer.concat([Buffer.from([version]), deployment, bigEndian(epoch, 4), bigEndian(sequence, 8), bigEndian(records.length, 2)]);
    this.evidence = evidence;
    this.header = Buffer.concat([this.prefix, this.tree.at(-1)[0], evidence]);
    this.message = Buffer.concat([Buffer.from("OracleNodeBatch"), keccak(this.header)]);
  }

  get topLevel() {
    return this.tree.length - 1;
  }

  run(first = 0, level = this.topLevel) {
    return this.records.slice(first, first + 2 ** level);
  }

  envelope(first = 0, level = this.topLevel) {
    return Buffer.concat([
      this.prefix, this.evidence, Buffer.from([0]), bigEndian(first, 2), Buffer.from([level]), ...path(this.tree, first, level), ...this.run(first, level).map(leafOf),
    ]);
  }
}

/** How many siblings the path of an envelope has; 0 for what is too short to be one. */
export function pathNodes(envelope) {
  if (envelope.length < 59) return 0;
  const count = envelope.readUInt16BE(21), first = envelope.readUInt16BE(56), level = envelope[58];
  let nodes = 0;
  if (level <= 16) for (let position = first >> level, last = (count - 1) >> level; last > 0; position >>= 1, last >>= 1) if ((position ^ 1) <= last) nodes++;
  return nodes;
}

/** An envelope of Updates/README.md as this program takes it: with the 0x00 of its leaf before each record. */
export function withLeaves(envelope) {
  const parts = [];
  let at = Math.min(59 + 32 * pathNodes(envelope), envelope.length);
  parts.push(envelope.subarray(0, at));
  while (at < envelope.length) {
    const length = { 1: 65, 2: 110 }[envelope[at]] ?? envelope.length - at;
    parts.push(leafOf(envelope.subarray(at, at + length)));
    at += length;
  }
  return Buffer.concat(parts);
}

export function proofMessage({ deployment, genesisHash, program, epoch, index, publicKey }) {
  return Buffer.concat([
    Buffer.from("OracleNodeProof"),
    keccak(deployment, Buffer.from([2]), genesisHash, program, bigEndian(epoch, 4), Buffer.from([index]), publicKey),
  ]);
}

/** An Ed25519 key from a seed byte; for tests only. */
export function testKey(n) {
  const seed = Buffer.alloc(32, n);
  return { publicKey: Buffer.from(ed25519.getPublicKey(seed)), sign: (message) => Buffer.from(ed25519.sign(message, seed)) };
}
