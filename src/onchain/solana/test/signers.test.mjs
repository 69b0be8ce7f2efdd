// Signer sets: proof of possession, activation, overlap, revocation.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519";
import { generateKeyPairSigner } from "@solana/kit";
import { refused, stored } from "./support/expect.mjs";
import { ed25519Instruction, ED25519_PROGRAM, key, u16 } from "./support/program.mjs";
import { proofMessage, testKey } from "./support/signed.mjs";
import { genesisHash, NOW, PROGRAM, World } from "./support/world.mjs";

const CURRENT = 208, PREVIOUS = 736, PENDING = 1264;
let w, n;
beforeEach(async () => {
  w = await World.ready(1);
  n = 0n;
});

const fresh = (more = {}) => w.batch({ sequence: BigInt(NOW * 1000) * 16n + ++n, ...more });
const add = (more) => w.program.addSigner({ registry: w.registry, owner: w.owner, instructionIndex: 0, ...more });
const activate = (more) => w.program.activateSigners({ registry: w.registry, owner: w.owner, threshold: 1, count: 1, ...more });
const set = (at) => {
  const d = w.data(w.registry).subarray(at, at + 528);
  return { epoch: d.readUInt32LE(0), threshold: d[4], count: d[5], revoked: d.readUInt16LE(6), validUntil: Number(d.readBigInt64LE(8)), keys: d.subarray(16) };
};

async function addProven(signer, epoch, index, more = {}) {
  return w.send([w.proof(signer, epoch, index, 0), add({ epoch, index, publicKey: signer.publicKey, ...more })]);
}

test("AddSigner_AndActivate_OneTransactionIsEnough", async () => {
  const s = testKey(2);
  w.must(await w.send([w.proof(s, 2, 0, 0), add({ epoch: 2, index: 0, publicKey: s.publicKey }), activate({ epoch: 2 })]));
  const { keys, ...rest } = set(CURRENT);
  assert.deepEqual(rest, { epoch: 2, threshold: 1, count: 1, revoked: 0, validUntil: 0 });
  assert.deepEqual(keys, Buffer.concat([s.publicKey, Buffer.alloc(480)]));
  assert.equal(set(PREVIOUS).epoch, 0);
  assert.deepEqual(set(PENDING), { epoch: 0, threshold: 0, count: 0, revoked: 0, validUntil: 0, keys: Buffer.alloc(512) });
  stored(await w.submit(fresh({ epoch: 2 }), { signers: [[0, s]] }));
  refused(await w.submit(fresh()), "UnknownEpoch");
});

test("AddSigner_SixteenKeys_AllCount", async () => {
  const keys = Array.from({ length: 16 }, (_, i) => testKey(100 + i));
  w.must(await w.rotate(2, keys, { threshold: 2 }));
  assert.equal(set(CURRENT).count, 16);
  stored(await w.submit(fresh({ epoch: 2 }), { signers: [[14, keys[14]], [15, keys[15]]] }));
});

test("AddSigner_SeventeenthKey_IsRefused", async () => {
  for (let i = 0; i < 16; i++) w.must(await addProven(testKey(100 + i), 2, i));
  refused(await addProven(testKey(120), 2, 16), "BadSignerIndex");
});

test("AddSigner_EpochNotAboveTheCurrentOne_IsRefused", async () => {
  for (const epoch of [0, 1]) refused(await addProven(testKey(2), epoch, 0), "BadEpoch");
});

test("AddSigner_IndexNotTheNextFreeOne_IsRefused", async () => {
  refused(await addProven(testKey(2), 2, 1), "BadEpoch"); // nothing pending
  w.must(await addProven(testKey(2), 2, 0));
  refused(await addProven(testKey(3), 2, 2), "BadSignerIndex");
  refused(await addProven(testKey(3), 3, 1), "BadEpoch");
  w.must(await addProven(testKey(3), 2, 1));
  refused(await addProven(testKey(4), 2, 1), "BadSignerIndex");
});

test("AddSigner_IndexZeroAgain_BeginsANewPendingSet", async () => {
  w.must(await addProven(testKey(2), 2, 0));
  w.must(await addProven(testKey(3), 2, 1));
  w.must(await addProven(testKey(4), 5, 0));
  const { keys, ...rest } = set(PENDING);
  assert.deepEqual(rest, { epoch: 5, threshold: 0, count: 1, revoked: 0, validUntil: 0 });
  assert.deepEqual(keys, Buffer.concat([testKey(4).publicKey, Buffer.alloc(480)]));
});

test("AddSigner_KeyTwiceInOneSet_IsRefused", async () => {
  w.must(await addProven(testKey(2), 2, 0));
  w.must(await addProven(testKey(3), 2, 1));
  for (const s of [testKey(2), testKey(3)]) refused(await addProven(s, 2, 2), "BadSignerKey");
});

test("AddSigner_ProofOfAnythingElse_IsRefused", async () => {
  const s = testKey(2), right = { deployment: w.deployment, genesisHash, program: key(PROGRAM), epoch: 2, index: 0, publicKey: s.publicKey };
  for (const wrong of [
    { deployment: Buffer.alloc(8) }, { genesisHash: Buffer.alloc(32) }, { program: key(ED25519_PROGRAM) }, { epoch: 3 }, { index: 1 }, { publicKey: testKey(3).publicKey },
  ]) {
    const message = proofMessage({ ...right, ...wrong });
    const check = ed25519Instruction({ index: 0, publicKey: s.publicKey, signature: s.sign(message), message });
    refused(await w.send([check, add({ epoch: 2, index: 0, publicKey: s.publicKey })]), "WrongMessage");
  }
  // What an EVM contract would accept: kind 1.
  const evm = Buffer.from(proofMessage(right));
  evm[46] ^= 1;
  const check = ed25519Instruction({ index: 0, publicKey: s.publicKey, signature: s.sign(evm), message: evm });
  refused(await w.send([check, add({ epoch: 2, index: 0, publicKey: s.publicKey })]), "WrongMessage");
  // A batch signature is no proof.
  const batch = Buffer.concat([Buffer.from("OracleNodeBatch"), proofMessage(right).subarray(15)]);
  const batchCheck = ed25519Instruction({ index: 0, publicKey: s.publicKey, signature: s.sign(batch), message: batch });
  refused(await w.send([batchCheck, add({ epoch: 2, index: 0, publicKey: s.publicKey })]), "WrongMessage");
});

test("AddSigner_ProvenByAnotherKey_IsRefused", async () =>
  void refused(await w.send([w.proof(testKey(3), 2, 0, 0), add({ epoch: 2, index: 0, publicKey: testKey(2).publicKey })]), "WrongKey"));

test("AddSigner_WithoutProof_IsRefused", async () => {
  refused(await w.send([add({ epoch: 2, index: 0, publicKey: testKey(2).publicKey })]), "NotEd25519");
  refused(await w.send([add({ epoch: 2, index: 0, publicKey: testKey(2).publicKey, instructionIndex: 1 })]), "NoSuchInstruction");
});

test("AddSigner_SysvarImitated_IsRefused", async () => {
  const s = testKey(2), imitation = await generateKeyPairSigner(), check = w.proof(s, 2, 0, 0);
  const data = Buffer.concat([u16(1), u16(4), u16(0), key(ED25519_PROGRAM), u16(159), check.data, u16(0)]);
  w.svm.setAccount({ address: imitation.address, data, executable: false, lamports: 10_000_000n, programAddress: ED25519_PROGRAM, space: BigInt(data.length) });
  refused(await w.send([add({ epoch: 2, index: 0, publicKey: s.publicKey, sysvar: imitation.address })]), "BadInstructionsSysvar");
});

test("AddSigner_SmallOrderNonCanonicalOrMixedOrderKey_IsRefused", async () => {
  const P = ed25519.Point ?? ed25519.ExtendedPoint;
  const torsion = P.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", true); // order 8
  const bytes = (p) => Buffer.from(p.toBytes ? p.toBytes() : p.toRawBytes());
  const good = P.fromHex(testKey(2).publicKey.toString("hex"));
  const keys = [Buffer.alloc(32), Buffer.alloc(32, 0xff)];
  for (let i = 0n, p = P.ZERO; i < 8n; i++, p = p.add(torsion)) keys.push(bytes(p));
  for (let i = 1n, p = torsion; i < 8n; i++, p = p.add(torsion)) keys.push(bytes(good.add(p)));
  const p = 2n ** 255n - 19n;
  for (let y = 0n; y < 19n; y++)
    for (const sign of [0n, 1n]) keys.push(Buffer.from((p + y + (sign << 255n)).toString(16).padStart(64, "0"), "hex").reverse());
  keys.push(Buffer.from("01" + "00".repeat(30) + "80", "hex")); // x = 0 with its sign set
  for (const publicKey of keys) refused(await w.send([add({ epoch: 2, index: 0, publicKey })]), "BadSignerKey");
});

test("ActivateSigners_WrongEpochCountThresholdOrOverlap_IsRefused", async () => {
  w.must(await addProven(testKey(2), 3, 0));
  w.must(await addProven(testKey(3), 3, 1));
  const good = { epoch: 3, threshold: 2, count: 2 };
  for (const [wrong, error] of [
    [{ epoch: 2 }, "BadEpoch"], [{ epoch: 4 }, "BadEpoch"], [{ epoch: 0 }, "BadEpoch"], [{ epoch: 1 }, "BadEpoch"], [{ count: 1, threshold: 1 }, "BadSignerIndex"], [{ count: 3 }, "BadSignerIndex"],
    [{ threshold: 0 }, "BadThreshold"], [{ threshold: 3 }, "BadThreshold"], [{ overlap: 2_592_001 }, "BadOverlap"],
  ])
    refused(await w.send([activate({ ...good, ...wrong })]), error);
  w.must(await w.send([activate({ ...good, overlap: 2_592_000 })]));
});

test("ActivateSigners_NothingPending_IsRefused", async () => {
  for (const epoch of [0, 1, 2]) refused(await w.send([activate({ epoch, count: 0 })]), "BadEpoch");
});

test("Rotation_WithOverlap_AcceptsBothUntilItsDate", async () => {
  const s = testKey(2);
  w.must(await w.rotate(2, [s], { overlap: 60 }));
  assert.equal(set(PREVIOUS).epoch, 1);
  assert.equal(set(PREVIOUS).validUntil, NOW + 60);
  stored(await w.submit(fresh()));
  stored(await w.submit(fresh({ epoch: 2 }), { signers: [[0, s]] }));
  for (const epoch of [0, 3]) refused(await w.submit(fresh({ epoch })), "UnknownEpoch");
  // Neither key counts in the other's epoch.
  refused(await w.submit(fresh({ epoch: 2 })), "WrongKey");
  refused(await w.submit(fresh(), { signers: [[0, s]] }), "WrongKey");
  w.setTime(NOW + 60);
  stored(await w.submit(fresh()));
  w.setTime(NOW + 61);
  refused(await w.submit(fresh({ sequence: BigInt(NOW * 1000 + 61_000) * 16n })), "UnknownEpoch");
  stored(await w.submit(fresh({ epoch: 2, sequence: BigInt(NOW * 1000 + 61_000) * 16n }), { signers: [[0, s]] }));
});

test("Rotation_AnEpochOnceLeft_NeverReturns", async () => {
  w.must(await w.rotate(2, [testKey(2)], { overlap: 60 }));
  w.must(await w.rotate(3, [testKey(3)], { overlap: 0 }));
  for (const epoch of [1, 2]) refused(await w.submit(fresh({ epoch }), { signers: [[0, testKey(epoch)]] }), "UnknownEpoch");
  for (const epoch of [1, 2, 3]) refused(await addProven(testKey(9), epoch, 0), "BadEpoch");
});

test("Revoke_ByGuardianOrOwner_StopsAtOnce", async () => {
  const keys = [testKey(2), testKey(3), testKey(4)];
  w.must(await w.rotate(2, keys, { threshold: 1, overlap: 60 }));
  const revoke = (by, epoch, index) => w.program.revoke({ registry: w.registry, by, epoch, index });
  refused(await w.send([revoke(w.stranger, 2, 0)]), "NotAuthorised");
  refused(await w.send([revoke(w.guardian, 0, 0)]), "UnknownEpoch");
  refused(await w.send([revoke(w.guardian, 9, 0)]), "UnknownEpoch");
  refused(await w.send([revoke(w.guardian, 2, 3)]), "NoSuchSigner");
  w.must(await w.send([revoke(w.guardian, 2, 1)]));
  assert.equal(set(CURRENT).revoked, 2);
  refused(await w.submit(fresh({ epoch: 2 }), { signers: [[1, keys[1]]] }), "SignerRevoked");
  stored(await w.submit(fresh({ epoch: 2 }), { signers: [[2, keys[2]]] }));
  w.must(await w.send([revoke(w.guardian, 1, 255)]));
  refused(await w.submit(fresh()), "SignerRevoked");
  w.must(await w.send([revoke(w.owner, 2, 255)]));
  assert.equal(set(CURRENT).revoked, 0xffff);
  for (const i of [0, 2]) refused(await w.submit(fresh({ epoch: 2 }), { signers: [[i, keys[i]]] }), "SignerRevoked");
});

test("Revoke_PendingKey_StaysRevokedWhenActivated", async () => {
  w.must(await addProven(testKey(2), 2, 0));
  w.must(await w.send([w.program.revoke({ registry: w.registry, by: w.guardian, epoch: 2, index: 0 })]));
  w.must(await w.send([activate({ epoch: 2 })]));
  refused(await w.submit(fresh({ epoch: 2 }), { signers: [[0, testKey(2)]] }), "SignerRevoked");
});

test("Revoke_KeyInOverlappingSets_EndsInEveryOne", async () => {
  const [kept, shared] = [testKey(1), testKey(2)];
  w.must(await w.rotate(2, [kept, shared], { threshold: 1, overlap: 60 }));
  w.must(await w.rotate(3, [shared, testKey(3)], { threshold: 1, overlap: 60 }));
  w.must(await addProven(shared, 4, 0));
  for (const [epoch, index] of [[2, 1], [3, 0]]) stored(await w.submit(fresh({ epoch }), { signers: [[index, shared]] }));

  // Named in the current epoch, it ends in the overlapping and the pending one too; the others go on.
  w.must(await w.send([w.program.revoke({ registry: w.registry, by: w.guardian, epoch: 3, index: 0 })]));
  assert.deepEqual([CURRENT, PREVIOUS, PENDING].map((at) => set(at).revoked), [1, 2, 1]);
  for (const [epoch, index] of [[2, 1], [3, 0]]) refused(await w.submit(fresh({ epoch }), { signers: [[index, shared]] }), "SignerRevoked");
  stored(await w.submit(fresh({ epoch: 2 }), { signers: [[0, kept]] }));
  stored(await w.submit(fresh({ epoch: 3 }), { signers: [[1, testKey(3)]] }));
  w.must(await w.send([activate({ epoch: 4 })]));
  refused(await w.submit(fresh({ epoch: 4 }), { signers: [[0, shared]] }), "SignerRevoked");
});

test("AddSigner_KeyOnceRevoked_IsRefusedForEver", async () => {
  w.must(await w.rotate(2, [testKey(2), testKey(3)], { overlap: 0 }));
  w.must(await w.send([w.program.revoke({ registry: w.registry, by: w.guardian, epoch: 2, index: 0 })]));
  refused(await addProven(testKey(2), 3, 0), "SignerRevoked");
  w.must(await addProven(testKey(3), 3, 0));
  refused(await addProven(testKey(2), 3, 1), "SignerRevoked");

  // Also when no set names it any more.
  for (const epoch of [4, 5]) w.must(await w.rotate(epoch, [testKey(epoch)], { overlap: 0 }));
  refused(await addProven(testKey(2), 6, 0), "SignerRevoked");
  w.must(await addProven(testKey(9), 6, 0));
});

test("Revoke_EveryKeyTheSetsCanHold_IsRememberedAndOthersAreStillTaken", async () => {
  const keys = Array.from({ length: 16 }, (_, i) => testKey(100 + i));
  w.must(await w.rotate(2, keys, { threshold: 1 }));
  for (let index = 0; index < 16; index++) w.must(await w.send([w.program.revoke({ registry: w.registry, by: w.guardian, epoch: 2, index })]));
  for (const s of keys) refused(await addProven(s, 3, 0), "SignerRevoked");

  // What the word of bits says, computed here anew: some strangers are refused, most are not.
  const word = w.data(w.registry).readBigUInt64LE(8);
  const bits = (k) => [0n, 6n, 12n].reduce((all, shift) => all | (1n << ((k.readBigUInt64LE(0) >> shift) & 63n)), 0n);
  assert.equal(word, keys.reduce((all, s) => all | bits(s.publicKey), 0n));
  let taken = 0;
  for (let i = 200; i < 230; i++) {
    const s = testKey(i), answer = await addProven(s, 3, 0);
    if ((word & bits(s.publicKey)) === bits(s.publicKey)) refused(answer, "SignerRevoked");
    else w.must(answer), taken++;
  }
  assert.ok(taken > 15, `${taken} of 30`);
});

test("Revoke_AllOfAnEpoch_EndsThatEpochAlone", async () => {
  w.must(await w.rotate(2, [testKey(1), testKey(2)], { threshold: 1, overlap: 60 }));
  w.must(await w.send([w.program.revoke({ registry: w.registry, by: w.guardian, epoch: 1, index: 255 })]));
  assert.equal(w.data(w.registry).readBigUInt64LE(8), 0n);
  refused(await w.submit(fresh()), "SignerRevoked");
  stored(await w.submit(fresh({ epoch: 2 }), { signers: [[0, testKey(1)]] }));
  w.must(await addProven(testKey(1), 3, 0));
});

test("Guardian_CannotAddOrActivate", async () => {
  refused(await addProven(testKey(2), 2, 0, { owner: w.guardian }), "NotAuthorised");
  w.must(await addProven(testKey(2), 2, 0));
  refused(await w.send([activate({ epoch: 2, owner: w.guardian })]), "NotAuthorised");
});

test("ActivateSigners_ClockAbsurd_CannotMakeAnOverlap", async () => {
  w.must(await addProven(testKey(2), 2, 0));
  w.setTime(-5n);
  refused(await w.send([activate({ epoch: 2, overlap: 60 })]), "ClockUnavailable");
  w.must(await w.send([activate({ epoch: 2 })]));
});

test("Submit_NoSignerSetYet_IsRefused", async () => {
  const bare = await World.create();
  bare.must(await bare.send([bare.createRegistry(), bare.initRegistry()]));
  const feed = await bare.addFeed({ identity: "x", quote: "USD", unit: 1, decimals: 8 });
  for (const epoch of [0, 1]) refused(await bare.submit(bare.batch({ epoch }), { signers: [[0, testKey(1)]], feeds: [feed] }), "UnknownEpoch");
});
