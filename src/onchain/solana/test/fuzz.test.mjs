// Whatever bytes come, the program ends with an error of its own and stores nothing: it never reads or writes where it may not,
// never runs out of its units, and never takes what was not signed. Seeded, so that a failure can be repeated.

import assert from "node:assert/strict";
import { test } from "node:test";
import { generateKeyPairSigner } from "@solana/kit";
import { random, rounds } from "./support/fuzzing.mjs";
import { ED25519_PROGRAM, key, read, u16, write } from "./support/program.mjs";
import { doingNothing, NOW, World } from "./support/world.mjs";

const RECORDS = 3;

/** Failed in our instruction with one of our errors, and left every account as it was. */
function heldFirm(w, result, before, context) {
  assert.equal(result.ok, false, `${context}: accepted`);
  assert.ok(result.custom > 0 && (result.custom <= 37 || (result.custom > 256 && result.custom < 266)), `${context}: ${result.error}`);
  assert.deepEqual(state(w), before, context);
}

const state = (w) => [w.registry, ...w.feeds.map((f) => f.address)].map((a) => w.data(a).toString("hex"));

test("Submit_MutatedInstructionData_NeverStoresNorFaults", async () => {
  const w = await World.ready(RECORDS), r = random(1), before = state(w);
  const batches = [[0, 2], [0, 1], [2, 0], [1, 0]].map(([first, level]) => w.submission(w.batch(), { first, level }));
  for (let i = 0; i < rounds; i++) {
    const [check, submit] = r.pick(batches), data = r.mutate(submit.data);
    if (data.equals(submit.data)) continue;
    heldFirm(w, await w.send([check, { ...submit, data }]), before, `round ${i}: ${data.toString("hex")}`);
  }
});

test("Submit_RandomInstructionData_NeverStoresNorFaults", async () => {
  const w = await World.ready(RECORDS), r = random(2), before = state(w), [check, submit] = w.submission(w.batch());
  for (let i = 0; i < rounds; i++) {
    const data = Buffer.concat([Buffer.from([6, 1, r.below(4), 0, 0, 1]), w.deployment, r.bytes(r.below(400))]);
    heldFirm(w, await w.send([check, { ...submit, data }]), before, `round ${i}: ${data.toString("hex")}`);
  }
});

test("AnyOpcode_RandomDataAndAccounts_NeverFaultsNorChangesAnything", async () => {
  const w = await World.ready(RECORDS), r = random(3), before = state(w);
  const [check] = w.submission(w.batch());
  const pool = [write(w.registry), read(w.registry), ...w.feeds.map((f) => write(f.address)), read(ED25519_PROGRAM), read(w.owner.address), read(w.guardian.address), read(w.stranger.address)];
  for (let i = 0; i < rounds; i++) {
    const chosen = new Map();
    for (let n = r.below(7); n > 0; n--) { const a = r.pick(pool); chosen.set(a.address, a); }
    const accounts = [...chosen.values()];
    if (accounts.length && r.below(8) === 0) accounts.push(accounts[0]);
    const data = Buffer.concat([Buffer.from([r.below(16)]), r.bytes(r.pick([0, 1, 5, 10, 16, 32, 38, 120, r.below(300)]))]);
    heldFirm(w, await w.send([check, { programAddress: w.program.program, accounts, data }]), before, `round ${i}: ${data.toString("hex")}`);
  }
});

test("Submit_MutatedEd25519Instruction_NeverStores", async () => {
  const w = await World.ready(RECORDS), r = random(4), before = state(w), [check, submit] = w.submission(w.batch());
  for (let i = 0; i < rounds; i++) {
    const data = r.mutate(check.data);
    if (data.equals(check.data)) continue;
    const result = await w.send([{ ...check, data }, submit]);
    assert.equal(result.ok, false, `round ${i}: ${data.toString("hex")}`);
    assert.deepEqual(state(w), before);
  }
});

test("Submit_ArbitraryInstructionInPlaceOfEd25519_NeverStoresNorFaults", async () => {
  // The referenced instruction belongs to a program that accepts anything: every shape of the sysvar is walked.
  const w = await World.ready(RECORDS), r = random(5), before = state(w), [check, submit] = w.submission(w.batch());
  const anything = (await generateKeyPairSigner()).address;
  w.svm.addProgram(anything, doingNothing());
  const extra = w.feeds.map((f) => read(f.address));
  for (let i = 0; i < rounds; i++) {
    // Bytes that look like the native program's instruction wherever the parser may look for one.
    const data = r.pick([r.bytes(r.below(200)), Buffer.concat([r.bytes(r.below(40)), key(ED25519_PROGRAM), u16(159), check.data.subarray(0, r.below(160))])]);
    const other = { programAddress: anything, accounts: extra.slice(0, r.below(4)), data };
    const altered = { ...submit, data: Buffer.from(submit.data) };
    altered.data[3] = r.below(4);
    heldFirm(w, await w.send(r.below(2) ? [other, altered] : [altered, other]), before, `round ${i}: ${data.toString("hex")}`);
  }
});

test("Submit_MutatedFeedAccount_IsStoredOrSkippedButNeverFaults", async () => {
  const w = await World.ready(RECORDS), r = random(6);
  const found = w.svm.getAccount(w.feeds[1].address), submission = w.submission(w.batch({ sequence: BigInt(NOW * 1000) * 16n }));
  const others = [0, 2].map((i) => w.svm.getAccount(w.feeds[i].address));
  for (let i = 0; i < rounds; i++) {
    const data = r.below(4) ? r.mutate(Buffer.from(found.data)) : r.bytes(r.below(1_000));
    w.svm.setAccount({ ...found, data, space: BigInt(data.length), lamports: 100_000_000n });
    for (const other of others) w.svm.setAccount(other);
    const result = await w.send(submission);
    assert.equal(result.ok, true, `round ${i}: ${data.toString("hex")}: ${result.error}`);
    const after = w.data(w.feeds[1]);
    if (result.reasons) {
      assert.deepEqual([result.reasons[0], result.reasons[2]], [0, 0]);
      assert.deepEqual(after, data, "a skipped record changes nothing");
    } else assert.equal(after.readBigUInt64LE(96), BigInt(NOW * 1000) * 16n);
  }
});

test("AnyInstruction_MutatedRegistry_NeverFaults", async () => {
  const w = await World.ready(RECORDS), r = random(7), found = w.svm.getAccount(w.registry);
  const candidates = () => [
    w.submission(w.batch()), [w.program.setPaused({ registry: w.registry, by: w.guardian, paused: true })],
    [w.program.revoke({ registry: w.registry, by: w.guardian, epoch: 1, index: 0 })],
    [w.program.activateSigners({ registry: w.registry, owner: w.owner, epoch: 2, threshold: 1, count: 1, overlap: 5 })],
    [w.proof(w.signer, 2, 0, 0), w.program.addSigner({ registry: w.registry, owner: w.owner, instructionIndex: 0, epoch: 2, index: 0, publicKey: w.signer.publicKey })],
  ];
  for (let i = 0; i < rounds; i++) {
    const data = r.below(4) ? r.mutate(Buffer.from(found.data)) : r.bytes(r.pick([0, 1, 240, 1792, r.below(3_000)]));
    w.svm.setAccount({ ...found, data, space: BigInt(data.length), lamports: 100_000_000n });
    const result = await w.send(r.pick(candidates()));
    assert.ok(result.ok || result.custom !== undefined, `round ${i}: ${data.toString("hex")}: ${result.error}`);
  }
});

test("InitRegistryAndFeed_MutatedData_NeverFaultsNorInitialisesWrongly", async () => {
  const w = await World.ready(0), r = random(8);
  const feed = await w.newFeed({ identity: "figi:BBG000N9P426@XNAS", quote: "USD", unit: 1, decimals: 8 });
  w.must(await w.send([w.createFeed(feed)]));
  const empty = w.svm.getAccount(feed.address), i = w.initFeed(feed), bounds = i.data.length - 16;
  for (let n = 0; n < rounds; n++) {
    const data = r.mutate(i.data);
    if (data[0] !== 5) continue;
    const result = await w.send([{ ...i, data }]);
    if (result.ok) {
      assert.deepEqual(data.subarray(0, bounds), i.data.subarray(0, bounds), "only the bounds may differ: the address commits to the rest");
      w.svm.setAccount(empty);
    } else assert.ok(result.custom > 0, `round ${n}: ${data.toString("hex")}: ${result.error}`);
  }
});
