// The golden vectors that C#, Solidity and this program share: every byte here was made by the node's own encoder and key.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { getAddressDecoder } from "@solana/kit";
import { readFeed, units } from "../reader.mjs";
import { refused, stored } from "./support/expect.mjs";
import { ed25519Instruction } from "./support/program.mjs";
import { feedId, hex, keccak, leaf, levels, proofMessage, testKey, withLeaves } from "./support/signed.mjs";
import { World } from "./support/world.mjs";

const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/batches.json", import.meta.url)));
const proof = vectors.proofs.find((p) => p.kind === 2 && p.signerIndex === 0);

/** A registry of the vectors' deployment, program id, genesis hash and key, with the vectors' feeds. */
async function vectorWorld() {
  const w = await World.create({ deployment: hex(vectors.deployment.id), programId: getAddressDecoder().decode(hex(proof.contract)), genesis: hex(proof.chain) });
  const publicKey = hex(proof.publicKey);
  w.must(await w.send([
    w.createRegistry(), w.initRegistry(),
    ed25519Instruction({ index: 2, publicKey, signature: hex(proof.signature), message: hex(proof.message) }),
    w.program.addSigner({ registry: w.registry, owner: w.owner, instructionIndex: 2, epoch: proof.epoch, index: proof.signerIndex, publicKey }),
  ]));
  w.must(await w.send([w.program.activateSigners({ registry: w.registry, owner: w.owner, epoch: proof.epoch, threshold: 1, count: 1 })]));
  for (const f of vectors.feeds) await w.addFeed(f, { max: 2n ** 63n - 1n });
  return w;
}

const feedOf = (w, record) => w.feeds[vectors.records[record].feed];

function submission(w, { unsigned, message, signature, publicKey, records }) {
  return [
    ed25519Instruction({ index: 0, publicKey: hex(publicKey), signature: hex(signature), message: hex(message) }),
    w.program.submit({ registry: w.registry, feeds: records.map((r) => feedOf(w, r).address), references: [[0, 0]], envelope: withLeaves(hex(unsigned)) }),
  ];
}

test("Vectors_FeedIds_AreComputedByTheProgram", async () => {
  const w = await vectorWorld();
  for (const [i, f] of vectors.feeds.entries()) {
    assert.deepEqual(feedId(f), hex(f.feedId));
    assert.equal("0x" + readFeed(w.data(w.feeds[i])).id, f.feedId);
  }
});

for (const batch of vectors.batches)
  test(`Vectors_Batch_${batch.name}_EveryRunIsStoredAsEncoded`, async () => {
    assert.ok(batch.runs.length > 0);
    for (const run of batch.runs) {
      const w = await vectorWorld();
      w.setTime(BigInt(batch.sequence) / 16n / 1000n);
      const records = batch.records.slice(run.first, run.first + 2 ** run.level);
      stored(await w.send(submission(w, { ...batch, ...run, records })));
      for (const r of records) {
        const expected = vectors.records[r], feed = readFeed(w.data(feedOf(w, r)));
        assert.equal(feed.sequence, BigInt(batch.sequence));
        assert.equal(feed.price, BigInt(expected.price));
        assert.equal(feed.record.confidence, BigInt(expected.confidence));
        for (const name of ["bid", "ask", "ema"]) assert.equal(feed.record[name] ?? 0n, BigInt(expected[name]), name);
        assert.equal(feed.record.observedAtMillis, Number(expected.observedAt));
        assert.equal(feed.record.nextChangeAtSeconds, Number(expected.nextChangeAt));
        assert.equal(feed.record.maxAgeSeconds, expected.maxAge);
        for (const name of ["sourcesUsed", "sourcesRejected", "upstreams"]) assert.equal(feed.record[name], expected[name], name);
        assert.equal(units.indexOf(feed.unit), vectors.feeds[expected.feed].unit);
        assert.deepEqual(
          feed.record.token && { ...feed.record.token, activationSeconds: BigInt(feed.record.token.activationSeconds) },
          expected.multiplier === undefined
            ? null
            : { multiplier: BigInt(expected.multiplier), nextMultiplier: BigInt(expected.nextMultiplier), activationSeconds: BigInt(expected.activation), underlyingPrice: BigInt(expected.underlying) },
        );
        assert.deepEqual(w.data(feedOf(w, r)).subarray(128, 128 + hex(expected.encoded).length), hex(expected.encoded));
      }
    }
  });

test("Vectors_OurOwnEncoder_AgreesOnLeavesAndProofs", () => {
  for (const r of vectors.records) assert.deepEqual(leaf(hex(r.encoded)), hex(r.leaf));
  for (const b of vectors.batches) assert.deepEqual(levels(b.records.map((r) => hex(vectors.records[r].leaf))).at(-1)[0], hex(b.recordsRoot));
  for (const p of vectors.proofs.filter(({ kind }) => kind === 2))
    assert.deepEqual(
      proofMessage({ deployment: hex(vectors.deployment.id), genesisHash: hex(p.chain), program: hex(p.contract), epoch: p.epoch, index: p.signerIndex, publicKey: hex(p.publicKey) }),
      hex(p.message),
    );
});

test("Vectors_ProofForAnEvmContract_IsNoProofHere", async () => {
  const w = await World.create({ deployment: hex(vectors.deployment.id), programId: getAddressDecoder().decode(hex(proof.contract)), genesis: hex(proof.chain) });
  w.must(await w.send([w.createRegistry(), w.initRegistry()]));
  const evm = vectors.proofs.find((p) => p.kind === 1 && p.signerIndex === 0);
  refused(await w.send([
    ed25519Instruction({ index: 0, publicKey: hex(evm.publicKey), signature: hex(evm.signature), message: hex(evm.message) }),
    w.program.addSigner({ registry: w.registry, owner: w.owner, instructionIndex: 0, epoch: evm.epoch, index: 0, publicKey: hex(evm.publicKey) }),
  ]), "WrongMessage");
});

for (const bad of vectors.badRecords)
  test(`Vectors_BadRecord_${bad.name}_IsRefused`, async () => {
    const w = await vectorWorld(), signer = testKey(9);
    w.must(await w.rotate(2, [signer]));
    const encoded = hex(bad.encoded), feed = w.feeds.find((f) => f.tag.equals(encoded.subarray(1, 9))) ?? w.feeds[0];
    const result = await w.submit(w.batch({ epoch: 2, records: [encoded] }), { feeds: [feed], signers: [[0, signer]] });
    if (["Type", "Length"].includes(bad.error)) refused(result, "BadEnvelope");
    else refused(result, "NothingStored(9)");
  });

for (const bad of vectors.badEnvelopes)
  test(`Vectors_BadEnvelope_${bad.name}_IsRefused`, async () => {
    const w = await vectorWorld(), envelope = hex(bad.envelope);
    w.setTime(BigInt(vectors.batches.at(-1).sequence) / 16n / 1000n);
    // The envelope without its signature, beside every genuine signature there is and beside its own.
    const unsigned = envelope.length > 121 ? Buffer.concat([envelope.subarray(0, 55), Buffer.from([0]), envelope.subarray(121)]) : envelope;
    const own = envelope.length > 121 ? [{ message: "0x" + messageOf(unsigned).toString("hex"), signature: "0x" + envelope.toString("hex", 57, 121), publicKey: proof.publicKey }] : [];
    const untouched = w.feeds.map((f) => w.data(f));
    for (const { message, signature, publicKey } of [...own, ...vectors.batches])
      for (const count of [1, 2, 3, 5, 6]) {
        const records = vectors.batches.find((b) => b.records.length === count).records;
        assert.equal((await w.send(submission(w, { unsigned: "0x" + unsigned.toString("hex"), message, signature, publicKey, records }))).ok, false);
      }
    assert.deepEqual(w.feeds.map((f) => w.data(f)), untouched);
  });

/** The message that a whole batch's envelope would have to be signed with, read leniently. */
function messageOf(unsigned) {
  const records = [];
  for (let at = 59; at < unsigned.length; at += records.at(-1).length) records.push(unsigned.subarray(at, at + (unsigned[at] === 2 ? 110 : 65)));
  const header = Buffer.concat([unsigned.subarray(0, 23), levels(records.map(leaf)).at(-1)[0], unsigned.subarray(23, 55)]);
  return Buffer.concat([Buffer.from("OracleNodeBatch"), keccak(header)]);
}

test("Vectors_Replayed_OlderBatchAfterANewerOne_IsRefused", async () => {
  const w = await vectorWorld(), [older, newer] = vectors.batches;
  w.setTime(BigInt(newer.sequence) / 16n / 1000n);
  const whole = (b) => submission(w, { ...b, ...b.runs.find((r) => r.first === 0 && 2 ** r.level >= b.records.length), records: b.records });
  stored(await w.send(whole(newer)));
  refused(await w.send(whole(older)), "NothingStored(5)");
});
