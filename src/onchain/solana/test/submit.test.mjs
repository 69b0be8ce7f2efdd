// Submit as a whole: accounts, envelope, header, signatures. Every test breaks exactly one check.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { AccountRole, generateKeyPairSigner, getAddressDecoder } from "@solana/kit";
import { errors, refused, stored } from "./support/expect.mjs";
import { CLOCK_SYSVAR, ED25519_PROGRAM, INSTRUCTIONS_SYSVAR, ed25519Instruction, key, read, u16, u8, write } from "./support/program.mjs";
import { Batch, deploymentId, leaf, leafOf, levels, path, testKey } from "./support/signed.mjs";
import { doingNothing, NOW, World } from "./support/world.mjs";

let w, batch;
before(async () => {
  w = await World.ready(5);
});

// A newer batch for each test, so that no test depends on what another stored.
let newer = 0n;
const fresh = (more = {}) => w.batch({ sequence: BigInt(NOW * 1000) * 16n + ++newer, ...more });

/** The submit of a batch with its parts replaced: `edit` gets { check, submit } and changes them in place. */
async function altered(edit, { of = fresh(), ...options } = {}) {
  const [check, submit] = w.submission(of, options);
  const parts = { check: { ...check, data: Buffer.from(check.data) }, submit: { ...submit, accounts: [...submit.accounts], data: Buffer.from(submit.data) } };
  const result = edit(parts, of);
  return w.send(Array.isArray(result) ? result : [parts.check, parts.submit]);
}

const ENVELOPE_AT = 5; // opcode, count of signatures, count of path nodes, one signature reference of two bytes

test("Submit_WholeBatch_StoresEveryRecordByteForByte", async () => {
  batch = fresh({ evidence: Buffer.alloc(32, 0xe5) });
  w.setTime(NOW, 77_000_000);
  stored(await w.submit(batch));
  for (const [i, feed] of w.feeds.entries()) {
    const data = w.data(feed);
    assert.equal(data.length, 240);
    assert.equal(data.toString("latin1", 0, 8), "ONFed\x02\0\x01");
    assert.deepEqual([...data.subarray(8, 16)], [1, 8, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(data.subarray(16, 48), feed.id);
    assert.equal(data.readBigUInt64LE(96), BigInt(NOW * 1000) * 16n + newer);
    assert.equal(data.readBigUInt64LE(104), BigInt(NOW * 1000) * 16n + newer);
    assert.equal(data.readBigUInt64LE(112), 77_000_000n);
    assert.equal(data.readBigUInt64LE(120), BigInt(NOW * 1000 - 500));
    assert.deepEqual(data.subarray(128, 193), batch.records[i]);
    assert.deepEqual(data.subarray(193), Buffer.alloc(47));
  }
});

test("Submit_EveryAlignedRunOfEverySize_IsProvenByItsPath", async () => {
  for (let count = 1; count <= 5; count++)
    for (let level = 0; 2 ** level < 2 * count; level++)
      for (let first = 0; first < count; first += 2 ** level) {
        const b = fresh({ records: w.feeds.slice(0, count).map((f) => w.record(f)) });
        if (level > b.topLevel) continue;
        stored(await w.submit(b, { first, level }));
      }
});

test("Submit_SubsetsOfOneBatchApart_BothStore", async () => {
  const b = fresh();
  stored(await w.submit(b, { first: 2, level: 1 }));
  stored(await w.submit(b, { first: 0, level: 1 }));
  stored(await w.submit(b, { first: 4, level: 0 }));
});

test("Submit_LargeBatchOneRecord_IsProvenAlongManyLevels", async () => {
  const others = Array.from({ length: 999 }, (_, i) => w.record({ tag: Buffer.from(`other${String(i).padStart(3, "0")}`) }));
  for (const position of [0, 511, 512, 998, 999]) {
    const records = [...others.slice(0, position), w.record(w.feeds[0]), ...others.slice(position)];
    stored(await w.submit(fresh({ records }), { first: position, level: 0, feeds: Object.assign([], { slice: () => [w.feeds[0]] }) }));
  }
});

test("Submit_SameBatchAgain_IsRefused", async () => {
  const b = fresh();
  stored(await w.submit(b));
  const again = await w.submit(b);
  assert.equal(again.custom, 256 + 5, again.error);
});

test("Submit_NoFurtherSigner_AnyRelayerMaySend", async () => {
  w.svm.airdrop(w.stranger.address, 1_000_000_000n);
  stored(await w.send(w.submission(fresh()), { payer: w.stranger }));
});

test("Submit_Ed25519InstructionAfterIt_IsFoundByItsIndex", async () => {
  const b = fresh();
  const [check, submit] = w.submission(b, { at: 1 });
  stored(await w.send([submit, check]));
});

test("Submit_SignatureTampered_WholeTransactionFails", async () => {
  for (const at of [48, 60, 111]) {
    const r = await altered(({ check }) => void (check.data[at] ^= 1));
    assert.equal(r.ok, false);
    assert.equal(r.instruction, 0, "the native program itself refuses");
  }
});

test("Submit_SignatureTamperedInLaterInstruction_StoresNothing", async () => {
  const b = fresh();
  const [check, submit] = w.submission(b, { at: 1 });
  check.data = Buffer.from(check.data);
  check.data[60] ^= 1;
  const earlier = w.data(w.feeds[0]);
  assert.equal((await w.send([submit, check])).ok, false);
  assert.deepEqual(w.data(w.feeds[0]), earlier);
});

// --- the signed content

test("Submit_AnySignedByteTampered_IsRefused", async () => {
  const b = fresh();
  const envelope = b.envelope(0, 1), leaves = envelope.length - 2 * 66;
  for (const [at, error] of [
    [ENVELOPE_AT + 0, "BadEnvelope"], [ENVELOPE_AT + 3, "WrongDeployment"], [ENVELOPE_AT + 12, "UnknownEpoch"], [ENVELOPE_AT + 20, "WrongMessage"],
    [ENVELOPE_AT + 22, "WrongMessage"], [ENVELOPE_AT + 23, "WrongMessage"], [ENVELOPE_AT + 54, "WrongMessage"], [ENVELOPE_AT + 55, "BadEnvelope"],
    [ENVELOPE_AT + 59, "WrongMessage"], [ENVELOPE_AT + 59 + 63, "WrongMessage"], [ENVELOPE_AT + leaves + 17, "WrongMessage"],
    [ENVELOPE_AT + leaves + 66 + 65, "WrongMessage"],
  ])
    refused(await altered(({ submit }) => void (submit.data[at] ^= at === ENVELOPE_AT + 22 ? 3 : 1), { of: b, first: 0, level: 1 }), error);
  stored(await w.submit(b, { first: 0, level: 1 }));
});

test("Submit_RecordsSwapped_IsRefused", async () => {
  const b = fresh();
  refused(await altered(({ submit }) => {
    const at = submit.data.length - 5 * 66;
    submit.data = Buffer.concat([submit.data.subarray(0, at), ...[1, 0, 2, 3, 4].map((i) => leafOf(b.records[i]))]);
    [submit.accounts[3], submit.accounts[4]] = [submit.accounts[4], submit.accounts[3]];
  }, { of: b }), "WrongMessage");
});

test("Submit_InnerNodeGivenAsLeaf_CannotBeARecord", async () => {
  // A path that starts one level up proves the parent of two leaves; no record of 65 bytes hashes to it.
  const b = fresh();
  const forged = new Batch({ deployment: w.deployment, sequence: 1n, records: [w.record(w.feeds[0], { price: 1n })] });
  refused(await altered(({ submit }) => {
    const envelope = Buffer.concat([b.envelope().subarray(0, 56), Buffer.from([0, 0, 0]), ...path(levels(b.records.map(leaf)), 0, 0), leafOf(forged.records[0])]);
    submit.data[2] = 3;
    submit.data = Buffer.concat([submit.data.subarray(0, ENVELOPE_AT), envelope]);
    submit.accounts.length = 4;
  }, { of: b }), "WrongMessage");
});

test("Submit_OtherDeploymentSignedByOurKey_IsRefused", async () =>
  void refused(await w.submit(fresh({ deployment: deploymentId("staging") })), "WrongDeployment"));

test("Submit_OtherVersionSignedByOurKey_IsRefused", async () => void refused(await w.submit(fresh({ version: 2 })), "BadEnvelope"));

test("Submit_EpochZeroOrUnknown_IsRefused", async () => {
  for (const epoch of [0, 2, 0xffffffff]) refused(await w.submit(fresh({ epoch })), "UnknownEpoch");
});

// --- the shape of the envelope

test("Submit_ByteMoreOrLess_IsRefused", async () => {
  refused(await altered(({ submit }) => void (submit.data = Buffer.concat([submit.data, u8(0)]))), "BadEnvelope");
  refused(await altered(({ submit }) => void (submit.data = submit.data.subarray(0, -1))), "BadEnvelope");
});

test("Submit_EveryTruncation_IsRefused", async () => {
  const b = fresh(), [check, submit] = w.submission(b, { first: 0, level: 0 });
  for (let length = 0; length < submit.data.length; length++) {
    const r = await w.send([check, { ...submit, data: submit.data.subarray(0, length) }]);
    assert.ok([errors.BadInstruction, errors.BadEnvelope].includes(r.custom), `${length}: ${r.error}`);
  }
});

test("Submit_UnknownRecordType_IsRefused", async () => {
  for (const type of [0, 3, 255]) {
    const records = w.feeds.map((f) => w.record(f));
    records[1][0] = type;
    refused(await w.submit(fresh({ records })), "BadEnvelope");
  }
});

test("Submit_RunOutsideTheBatchOrNotAligned_IsRefused", async () => {
  const put = (first, level) => ({ submit }) => void (submit.data.writeUInt16BE(first, ENVELOPE_AT + 56), submit.data[ENVELOPE_AT + 58] = level);
  for (const [first, level] of [[1, 3], [5, 0], [1, 1], [2, 2], [65535, 0], [0, 4], [0, 16], [0, 17], [0, 63], [0, 64], [0, 65], [0, 67], [0, 131], [0, 255]])
    refused(await altered(put(first, level)), "BadEnvelope");
});

test("Submit_CountZero_IsRefused", async () => void refused(await altered(({ submit }) => void submit.data.writeUInt16BE(0, ENVELOPE_AT + 21)), "BadEnvelope"));

test("Submit_LevelAboveTheTop_IsRefusedEvenWithTheSameRoot", async () => {
  // One record at level 1 has the same root as at level 0: only one of the two is an envelope.
  const b = fresh({ records: [w.record(w.feeds[0])] });
  refused(await altered(({ submit }) => void (submit.data[ENVELOPE_AT + 58] = 1), { of: b }), "BadEnvelope");
});

test("Submit_PathLongerThanTheData_IsRefused", async () =>
  void refused(await altered(({ submit }) => {
    submit.data.writeUInt16BE(65535, ENVELOPE_AT + 21);
    submit.data[ENVELOPE_AT + 58] = 0;
    submit.data = submit.data.subarray(0, ENVELOPE_AT + 59 + 66);
    submit.accounts.length = 4;
  }), "BadEnvelope"));

// --- time

test("Submit_AttestedAtTheLimits_IsAcceptedAndBeyondRefused", async () => {
  const limits = await World.ready(1);
  const send = (millis) => limits.submit(limits.batch({ sequence: BigInt(millis) * 16n + 15n, records: [limits.record(limits.feeds[0], { observedAt: NOW * 1000 - 500_000 })] }));
  refused(await send(NOW * 1000 - 60_001), "AttestedTooLongAgo");
  stored(await send(NOW * 1000 - 60_000));
  refused(await send(NOW * 1000 + 30_001), "AttestedInFuture");
  refused(await send(2 ** 53), "AttestedInFuture");
  stored(await send(NOW * 1000 + 30_000));
});

test("Submit_HugeSequenceByOurKey_IsRefused", async () => void refused(await w.submit(fresh({ sequence: (1n << 64n) - 1n })), "AttestedInFuture"));

test("Submit_ClockBeforeTheEpochOrAbsurd_IsRefused", async () => {
  const other = await World.ready(1);
  for (const time of [-1n, -(2n ** 63n), 2n ** 40n, 2n ** 63n - 1n]) {
    other.setTime(time);
    refused(await other.submit(other.batch()), "ClockUnavailable");
  }
});

// --- accounts

test("Submit_FewerOrMoreFeeds_IsRefused", async () => {
  refused(await altered(({ submit }) => void submit.accounts.pop()), "WrongAccountCount");
  refused(await altered(({ submit }) => void submit.accounts.push(read(w.payer.address))), "WrongAccountCount");
  refused(await altered(({ submit }) => void (submit.accounts.length = 3)), "WrongAccountCount");
  refused(await altered(({ submit }) => void (submit.accounts.length = 0)), "WrongAccountCount");
});

test("Submit_MoreAccountsThanItHasRoomFor_IsRefused", async () => {
  const times = (n) => altered(({ submit }) => void (submit.accounts = Array.from({ length: n }, () => read(w.registry))), { first: 0, level: 0 });
  for (const n of [65, 120, 255]) refused(await times(n), "WrongAccountCount");
  refused(await times(64), "DuplicateAccount");
});

test("Submit_FeedGivenTwice_IsRefused", async () => {
  refused(await altered(({ submit }) => void (submit.accounts[4] = submit.accounts[3])), "DuplicateAccount");
  refused(await altered(({ submit }) => void (submit.accounts[4] = submit.accounts[0])), "DuplicateAccount");
});

test("Submit_SameRecordTwiceInOneBatch_SecondHasNoAccountOfItsOwn", async () => {
  const b = fresh({ records: [w.record(w.feeds[0]), w.record(w.feeds[0], { price: 1_000n })] });
  refused(await w.submit(b, { feeds: [w.feeds[0], w.feeds[0]] }), "DuplicateAccount");
  const r = await w.submit(b, { feeds: [w.feeds[0], w.feeds[1]] });
  assert.deepEqual(r.reasons, [0, 2]);
});

test("Submit_InstructionsSysvarImitated_IsRefused", async () => {
  // It says exactly what the real one would say if the native program had been asked.
  const imitation = await generateKeyPairSigner(), [check, submit] = w.submission(fresh());
  const data = Buffer.concat([u16(1), u16(4), u16(0), key(ED25519_PROGRAM), u16(159), check.data, u16(0)]);
  w.svm.setAccount({ address: imitation.address, data, executable: false, lamports: 10_000_000n, programAddress: ED25519_PROGRAM, space: BigInt(data.length) });
  submit.accounts[2] = read(imitation.address);
  refused(await w.send([submit]), "BadInstructionsSysvar");
});

test("Submit_ClockImitatedOrMissing_IsRefused", async () => {
  // An account with the bytes of a clock that says what the sender likes.
  const imitation = await generateKeyPairSigner(), found = w.svm.getAccount(CLOCK_SYSVAR);
  const put = (data) => w.svm.setAccount({ ...found, address: imitation.address, data, space: BigInt(data.length) });
  for (const data of [found.data, Buffer.concat([found.data, Buffer.alloc(8)]), found.data.slice(0, 32)]) {
    put(data);
    refused(await altered(({ submit }) => void (submit.accounts[1] = read(imitation.address))), "ClockUnavailable");
  }
  refused(await altered(({ submit }) => void (submit.accounts[1] = submit.accounts[2])), "DuplicateAccount");
  refused(await altered(({ submit }) => void ([submit.accounts[1], submit.accounts[2]] = [submit.accounts[2], submit.accounts[1]])), "ClockUnavailable");
});

test("Submit_InstructionsSysvarIsAnotherAccountAgain_IsRefused", async () => {
  for (const n of [0, 1]) refused(await altered(({ submit }) => void (submit.accounts[2] = submit.accounts[n])), "DuplicateAccount");
});

test("Submit_EachWordOfASysvarsKey_IsCompared", async () => {
  // Accounts whose keys differ from the sysvar's in one word only.
  for (const [at, sysvar, error] of [[1, CLOCK_SYSVAR, "ClockUnavailable"], [2, INSTRUCTIONS_SYSVAR, "BadInstructionsSysvar"]])
    for (const word of [0, 1, 2, 3]) {
      const bytes = key(sysvar), found = w.svm.getAccount(CLOCK_SYSVAR);
      bytes[8 * word + 3] ^= 0x10;
      const near = getAddressDecoder().decode(bytes);
      w.svm.setAccount({ ...found, address: near });
      refused(await altered(({ submit }) => void (submit.accounts[at] = read(near))), error);
    }
});

test("Submit_OtherOpcodeWithItsAccounts_IsRefused", async () => {
  for (const opcode of [1, 5, 7, 13, 14]) refused(await altered(({ submit }) => void (submit.data[0] = opcode)), "BadInstruction");
});

test("Submit_PathOfAnotherLengthThanSaid_IsRefused", async () => {
  for (const [first, level] of [[0, 0], [4, 0], [2, 1], [0, undefined]])
    for (const more of [-1, 1, 3])
      refused(await altered(({ submit }) => void (submit.data[2] = (submit.data[2] + more) & 255), { first, level }), "BadEnvelope");
});

test("Submit_SiblingMoreOrLess_IsRefusedHoweverItIsSaid", async () => {
  for (const [first, level, more] of [[0, 0, 1], [4, 0, 1], [0, 0, -1], [0, undefined, 1]])
    refused(await altered(({ submit }, b) => {
      const at = ENVELOPE_AT + 59, size = 32 * submit.data[2];
      const path = more < 0 ? submit.data.subarray(at, at + size - 32) : Buffer.concat([submit.data.subarray(at, at + size), Buffer.alloc(32)]);
      submit.data = Buffer.concat([submit.data.subarray(0, at), path, submit.data.subarray(at + size)]);
      submit.data[2] += more;
    }, { first, level }), "BadEnvelope");
});

test("Submit_LeafPrefixNotZero_IsRefused", async () => {
  for (const n of [0, 2, 4]) refused(await altered(({ submit }) => void (submit.data[submit.data.length - 66 * (5 - n)] = 1)), "BadEnvelope");
  const mixed = fresh({ records: w.feeds.map((f, i) => w.record(f, i === 1 ? { token: { multiplier: 1n, underlying: 1n } } : {})) });
  refused(await altered(({ submit }) => void (submit.data[submit.data.length - 66 * 3 - 111] = 1), { of: mixed }), "BadEnvelope");
});

test("Submit_SharesAndTokensMixed_EachIsStored", async () => {
  const token = { multiplier: 10n ** 18n, underlying: 7n }, ofTokens = [];
  for (let i = 0; i < 5; i++) ofTokens.push(await w.addFeedAside({ identity: `token${i}`, quote: "USD", unit: 2, decimals: 8 }));
  for (const tokens of [[0, 1, 2, 3, 4], [1], [0, 4], [2, 3, 4], []]) {
    const feeds = w.feeds.map((f, i) => (tokens.includes(i) ? ofTokens[i] : f));
    const b = fresh({ records: feeds.map((f, i) => w.record(f, tokens.includes(i) ? { token } : {})) });
    stored(await w.submit(b, { feeds }));
    feeds.forEach((f, i) => assert.deepEqual(w.data(f).subarray(128, 128 + b.records[i].length), b.records[i]));
  }
});

test("Submit_FeedOfAProgramWhoseIdBeginsLikeOurs_FailsAsAWhole", async () => {
  // Only the first word of a feed's owner is compared: the runtime itself refuses what would be stored in another's account.
  const owner = key(w.program.program), found = w.svm.getAccount(w.feeds[1].address);
  owner[31] ^= 1;
  w.svm.setAccount({ ...found, programAddress: getAddressDecoder().decode(owner) });
  const earlier = w.feeds.map((f) => w.data(f)), r = await w.submit(fresh());
  assert.equal(r.ok, false);
  assert.match(r.error, /ExternalAccountDataModified|ReadonlyDataModified|AccessViolation|ProgramFailedToComplete/i);
  assert.deepEqual(w.feeds.map((f) => w.data(f)), earlier);
  w.svm.setAccount(found);
});

test("Submit_RunsOfEverySizeThatFits_FoldToTheirRoot", async () => {
  const many = await World.ready(12);
  for (let count = 1; count <= 12; count++) {
    const b = many.batch({ sequence: BigInt(NOW * 1000) * 16n + BigInt(count), records: many.feeds.slice(0, count).map((f) => many.record(f)) });
    stored(await many.submit(b, { feeds: many.feeds.slice(0, count) }));
  }
});

test("Submit_RegistryOfAnotherProgram_IsRefused", async () => {
  const copy = await generateKeyPairSigner();
  const found = w.svm.getAccount(w.registry);
  for (const [change, error] of [
    [{ programAddress: ED25519_PROGRAM }, "NotOurAccount"],
    [{ data: found.data.slice(0, 1791) }, "BadAccount"],
    [{ data: Buffer.concat([found.data, u8(0)]) }, "BadAccount"],
    [{ data: Buffer.from(found.data).fill(0x58, 4, 5) }, "BadAccount"],
    [{ data: Buffer.from(found.data).fill(1, 5, 6) }, "BadAccount"],
    [{ data: new Uint8Array(0) }, "BadAccount"],
  ]) {
    w.svm.setAccount({ ...found, address: copy.address, ...change, space: BigInt((change.data ?? found.data).length) });
    refused(await altered(({ submit }) => void (submit.accounts[0] = read(copy.address))), error);
  }
});

test("Submit_FeedAccountAsRegistry_IsRefused", async () => void refused(await altered(({ submit }) => void (submit.accounts[0] = read(w.feeds[4].address)), { first: 0, level: 0 }), "BadAccount"));

test("Submit_RegistryPaused_IsRefusedUntilResumed", async () => {
  w.must(await w.send([w.program.setPaused({ registry: w.registry, by: w.guardian, paused: true })]));
  refused(await w.submit(fresh()), "RegistryPaused");
  w.must(await w.send([w.program.setPaused({ registry: w.registry, by: w.owner, paused: false })]));
  stored(await w.submit(fresh()));
});

// --- the Ed25519 instruction. In every case the native program itself is content.

test("Submit_IndexOutsideTheTransaction_IsRefused", async () => {
  for (const index of [2, 3, 255]) refused(await altered(({ submit }) => void (submit.data[3] = index)), "NoSuchInstruction");
});

test("Submit_IndexOfItself_IsRefused", async () => void refused(await altered(({ submit }) => void (submit.data[3] = 1)), "NotEd25519"));

test("Submit_SameBytesToAnotherProgram_IsRefused", async () => {
  const other = (await generateKeyPairSigner()).address;
  w.svm.addProgram(other, doingNothing());
  refused(await altered(({ check }) => void (check.programAddress = other)), "NotEd25519");
});

test("Submit_Ed25519InstructionWithAnAccount_IsRefused", async () => void refused(await altered(({ check }) => void (check.accounts = [read(w.feeds[0].address)])), "NotEd25519"));

test("Submit_NoSignatureInTheEd25519Instruction_IsRefused", async () => void refused(await altered(({ check }) => void (check.data = Buffer.from([0, 0]))), "BadEd25519Layout"));

test("Submit_ZeroSignaturesWithOurLength_NeverPasses", async () => assert.equal((await altered(({ check }) => void (check.data[0] = 0))).ok, false));

test("Submit_TwoSignaturesInOneInstruction_IsRefused", async () =>
  void refused(await altered(({ check }, b) => {
    const offsets = (shift) => Buffer.concat([u16(62 + shift), u16(0), u16(30 + shift), u16(0), u16(126 + shift), u16(47), u16(0)]);
    const one = check.data.subarray(16);
    check.data = Buffer.concat([Buffer.from([2, 0]), offsets(0), offsets(143), one, one]);
    assert.equal(b.message.length, 47);
  }), "BadEd25519Layout"));

test("Submit_PaddingByteNotZero_IsRefused", async () => void refused(await altered(({ check }) => void (check.data[1] = 1)), "BadEd25519Layout"));

test("Submit_OffsetsElsewhereInOurLength_IsRefused", async () =>
  void refused(await altered(({ check }, b) => {
    const header = Buffer.concat([u8(1), u8(0), u16(16), u16(0), u16(80), u16(0), u16(112), u16(47), u16(0)]);
    check.data = Buffer.concat([header, check.data.subarray(48, 112), check.data.subarray(16, 48), b.message]);
  }), "BadEd25519Layout"));

test("Submit_KeyFromElsewhereInTheSameInstruction_IsRefused", async () => {
  // Our key and message stand where they should, but another key signed another message that the offsets point at.
  const thief = testKey(66), message = Buffer.alloc(47, 1);
  refused(await altered(({ check }, b) => {
    const header = Buffer.concat([u8(1), u8(0), u16(191), u16(0), u16(159), u16(0), u16(255), u16(47), u16(0)]);
    check.data = Buffer.concat([header, w.signer.publicKey, Buffer.alloc(64), b.message, thief.publicKey, thief.sign(message), message]);
  }), "BadEd25519Layout");
});

test("Submit_IndexesOfTheCurrentInstruction_AreRefused", async () => {
  for (const at of [4, 8, 14]) refused(await altered(({ check }) => void check.data.writeUInt16LE(0xffff, at)), "BadEd25519Layout");
});

test("Submit_KeySignatureOrMessageTakenFromAnotherInstruction_IsRefused", async () => {
  // Instruction 1 is a twin of instruction 0; every pointer into it is valid.
  for (const at of [4, 8, 14])
    refused(await altered(({ check, submit }) => {
      const twin = { ...check, data: Buffer.from(check.data) };
      for (const index of [4, 8, 14]) twin.data.writeUInt16LE(1, index);
      check.data.writeUInt16LE(1, at);
      return [check, twin, submit];
    }), "BadEd25519Layout");
});

test("Submit_ForgedMessageBesideSomeoneElsesValidInstruction_IsRefused", async () => {
  // All three pointers of our look-alike go to a stranger's good instruction: the native program is content.
  const thief = testKey(66), message = Buffer.alloc(47, 1);
  refused(await altered(({ check, submit }) => {
    const good = ed25519Instruction({ index: 1, publicKey: thief.publicKey, signature: thief.sign(message), message });
    check.data.fill(0, 48, 112);
    for (const index of [4, 8, 14]) check.data.writeUInt16LE(1, index);
    return [check, good, submit];
  }), "BadEd25519Layout");
});

test("Submit_Ed25519InstructionLongerOrShorter_IsRefused", async () => {
  refused(await altered(({ check }) => void (check.data = Buffer.concat([check.data, u8(0)]))), "BadEd25519Layout");
  refused(await altered(({ check }, b) => {
    const message = b.message.subarray(0, 46);
    check.data = ed25519Instruction({ index: 0, publicKey: w.signer.publicKey, signature: w.signer.sign(message), message }).data;
  }), "BadEd25519Layout");
});

test("Submit_MessageLongerThanOurs_IsRefused", async () =>
  void refused(await altered(({ check }, b) => {
    const message = Buffer.concat([b.message, u8(0)]);
    check.data = ed25519Instruction({ index: 0, publicKey: w.signer.publicKey, signature: w.signer.sign(message), message }).data;
  }), "BadEd25519Layout"));

test("Submit_MessageLengthShortenedInsideOurLength_IsRefused", async () =>
  void refused(await altered(({ check }, b) => {
    const signature = w.signer.sign(b.message.subarray(0, 46));
    check.data.writeUInt16LE(46, 12);
    signature.copy(check.data, 48);
  }), "BadEd25519Layout"));

test("Submit_SignedByAnotherKey_IsRefused", async () => void refused(await w.submit(fresh(), { signers: [[0, testKey(2)]] }), "WrongKey"));

test("Submit_SignatureOfAnotherBatch_IsRefused", async () => {
  const other = fresh();
  refused(await altered(({ check }) => void (check.data = w.submission(other)[0].data)), "WrongMessage");
});

test("Submit_SameDigestInAnotherDomain_IsRefused", async () =>
  void refused(await altered(({ check }, b) => {
    const message = Buffer.concat([Buffer.from("OracleNodeProof"), b.message.subarray(15)]);
    check.data = ed25519Instruction({ index: 0, publicKey: w.signer.publicKey, signature: w.signer.sign(message), message }).data;
  }), "WrongMessage"));

test("Submit_EveryByteOfTheMessage_IsCompared", async () => {
  for (let at = 0; at < 47; at++)
    refused(await altered(({ check }, b) => {
      const message = Buffer.from(b.message);
      message[at] ^= 0x80;
      check.data = ed25519Instruction({ index: 0, publicKey: w.signer.publicKey, signature: w.signer.sign(message), message }).data;
    }), "WrongMessage");
});

// --- the quorum

test("Submit_NoOrTooManySignatureReferences_IsRefused", async () => {
  for (const k of [0, 17, 255]) refused(await altered(({ submit }) => void (submit.data[1] = k)), "BadInstruction");
});

test("Submit_SignerOutsideTheSet_IsRefused", async () => {
  for (const index of [1, 15, 16, 255]) refused(await altered(({ submit }) => void (submit.data[4] = index)), "NoSuchSigner");
});

test("Submit_TwoOfThree_NeedsTwoDistinctAscendingSigners", async () => {
  const q = await World.ready(1), keys = [testKey(11), testKey(12), testKey(13)];
  q.must(await q.rotate(2, keys, { threshold: 2 }));
  let n = 0n;
  const b = () => q.batch({ epoch: 2, sequence: BigInt(NOW * 1000) * 16n + ++n });
  const by = (...indexes) => q.submit(b(), { signers: indexes.map((i) => [i, keys[i]]) });
  refused(await by(0), "BelowThreshold");
  stored(await by(0, 1));
  stored(await by(0, 2));
  stored(await by(1, 2));
  stored(await by(0, 1, 2));
  refused(await by(1, 1), "SignerIndexesNotAscending");
  refused(await by(2, 1), "SignerIndexesNotAscending");
  refused(await q.submit(b(), { signers: [[0, keys[0]], [1, keys[0]]] }), "WrongKey");
  // One instruction cannot count twice.
  const twice = b(), [check, , submit] = q.submission(twice, { signers: [[0, keys[0]], [1, keys[1]]] });
  const data = Buffer.from(submit.data);
  data[5] = data[3];
  refused(await q.send([check, { ...submit, data }]), "WrongKey");
});

test("Submit_InstructionsSysvarWritable_IsRefusedByTheRuntimeOrIgnored", async () => {
  const [check, submit] = w.submission(fresh());
  submit.accounts[2] = { address: INSTRUCTIONS_SYSVAR, role: AccountRole.WRITABLE };
  submit.accounts[0] = write(w.registry);
  stored(await w.send([check, submit]));
});
