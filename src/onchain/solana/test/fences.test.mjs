// Per record: what is skipped, with which reason, and that the others are stored all the same.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { AccountRole, generateKeyPairSigner } from "@solana/kit";
import { nothingStored, reasons, refused, stored } from "./support/expect.mjs";
import { SYSTEM_PROGRAM } from "./support/program.mjs";
import { World, NOW } from "./support/world.mjs";

let w, n;
beforeEach(async () => {
  w = await World.ready(3);
  n = 0n;
});

const sequence = () => BigInt(NOW * 1000) * 16n + ++n;
const field = (feed) => {
  const d = w.data(feed);
  return { flags: d[6], type: d[7], sequence: d.readBigUInt64LE(96), round: d.readBigUInt64LE(104), record: d.subarray(128, 238) };
};

/** Submits three records whose second one is changed, and expects it alone to be skipped, its account untouched. */
async function secondSkipped(name, { record = w.record(w.feeds[1]), edit = () => {} } = {}) {
  const before = w.data(w.feeds[1]);
  const b = w.batch({ sequence: sequence(), records: [w.record(w.feeds[0]), record, w.record(w.feeds[2])] });
  const [check, submit] = w.submission(b);
  edit(submit);
  const r = await w.send([check, submit]);
  assert.equal(r.ok, true, r.error);
  assert.deepEqual(r.reasons, [0, reasons[name], 0], name);
  assert.deepEqual(w.data(w.feeds[1]), before);
  for (const i of [0, 2]) assert.equal(field(w.feeds[i]).sequence, BigInt(NOW * 1000) * 16n + n);
}

test("Record_FeedNotThere_IsSkipped", async () => {
  const none = (await generateKeyPairSigner()).address;
  await secondSkipped("UnknownFeed", { edit: (s) => void (s.accounts[4] = { address: none, role: AccountRole.WRITABLE }) });
});

test("Record_AccountThatOnlyLooksLikeAFeed_IsSkipped", async () => {
  const copy = (await generateKeyPairSigner()).address, found = w.svm.getAccount(w.feeds[1].address);
  const looks = { edit: (s) => void (s.accounts[4] = { address: copy, role: AccountRole.WRITABLE }) };
  const changed = (at, value) => ({ data: Buffer.from(found.data).fill(value, at, at + 1) });
  for (const change of [
    { programAddress: SYSTEM_PROGRAM }, changed(0, 0), changed(4, 0), changed(5, 1), changed(48, found.data[48] ^ 1), changed(79, found.data[79] ^ 1), { data: found.data.slice(0, 239) },
    { data: Buffer.concat([found.data, Buffer.alloc(1)]) }, { data: new Uint8Array(240) },
  ]) {
    w.svm.setAccount({ ...found, address: copy, ...change, space: BigInt((change.data ?? found.data).length) });
    await secondSkipped("UnknownFeed", looks);
  }
});

test("Record_FeedOfAnotherRegistry_IsSkipped", async () => {
  // Same program, same owner, another deployment.
  const other = await World.create({ deployment: Buffer.alloc(8, 9) });
  Object.assign(other, { svm: w.svm, base: w.base, owner: w.owner, payer: w.payer, registry: await w.program.addressOf(w.base.address, w.program.registrySeed(other.deployment)) });
  other.must(await other.send([other.createRegistry(), other.initRegistry()]));
  const theirs = await other.addFeed({ identity: w.feeds[1].identity, quote: "USD", unit: 1, decimals: 8 });
  assert.deepEqual(theirs.id, w.feeds[1].id);
  await secondSkipped("UnknownFeed", { edit: (s) => void (s.accounts[4] = { address: theirs.address, role: AccountRole.WRITABLE }) });
});

test("Record_AccountOfAnotherFeed_IsSkipped", async () => {
  const other = await w.addFeed({ identity: "another", quote: "USD", unit: 1, decimals: 8 });
  await secondSkipped("OtherFeed", { edit: (s) => void (s.accounts[4] = { address: other.address, role: AccountRole.WRITABLE }) });
});

test("Record_EachBitOfTheTag_IsCompared", async () => {
  for (let bit = 0; bit < 64; bit++) {
    const record = w.record(w.feeds[1]);
    record[1 + (bit >> 3)] ^= 1 << (bit & 7);
    await secondSkipped("OtherFeed", { record });
  }
});

test("Record_AccountReadOnly_IsSkipped", async () =>
  secondSkipped("NotWritable", { edit: (s) => void (s.accounts[4] = { address: w.feeds[1].address, role: AccountRole.READONLY }) }));

test("Record_FeedPaused_IsSkippedUntilResumed", async () => {
  const set = (by, paused) => w.program.setPaused({ registry: w.registry, by, paused, feeds: [w.feeds[1].address] });
  w.must(await w.send([set(w.guardian, true)]));
  await secondSkipped("Paused");
  refused(await w.send([set(w.guardian, false)]), "NotAuthorised");
  w.must(await w.send([set(w.owner, false)]));
  stored(await w.submit(w.batch({ sequence: sequence() })));
});

test("Record_SequenceEqualOrOlder_IsSkipped", async () => {
  const b = w.batch({ sequence: BigInt(NOW * 1000) * 16n + 9n });
  stored(await w.submit(b, { first: 1, level: 0, feeds: w.feeds }));
  n = 7n;
  await secondSkipped("NotNewer"); // sequence + 8
  await secondSkipped("NotNewer"); // sequence + 9
  stored(await w.submit(w.batch({ sequence: sequence() }))); // sequence + 10
});

test("Record_ObservedAtGoingBack_IsSkipped_EqualIsStored", async () => {
  stored(await w.submit(w.batch({ sequence: sequence() })));
  await secondSkipped("ObservedBack", { record: w.record(w.feeds[1], { observedAt: NOW * 1000 - 501 }) });
  stored(await w.submit(w.batch({ sequence: sequence() })));
});

test("Record_ObservedAfterTheAttestation_IsSkipped_EqualIsStored", async () => {
  await secondSkipped("ObservedAhead", { record: w.record(w.feeds[1], { observedAt: NOW * 1000 + 1 }) });
  await secondSkipped("ObservedAhead", { record: w.record(w.feeds[1], { observedAt: 2 ** 48 - 1 }) });
  stored(await w.submit(w.batch({ sequence: sequence(), records: w.feeds.map((f) => w.record(f, { observedAt: NOW * 1000 })) })));
});

test("Record_PriceOutsideTheBounds_IsSkipped_AtThemIsStored", async () => {
  w.must(await w.send([w.program.setBounds({ registry: w.registry, owner: w.owner, feed: w.feeds[1].address, min: 1_000, max: 2_000 })]));
  const priced = (price) => w.record(w.feeds[1], { price, bid: undefined, ask: undefined, ema: undefined });
  await secondSkipped("OutOfBounds", { record: priced(999) });
  await secondSkipped("OutOfBounds", { record: priced(2_001) });
  for (const price of [1_000, 2_000]) stored(await w.submit(w.batch({ sequence: sequence(), records: [w.record(w.feeds[0]), priced(price), w.record(w.feeds[2])] })));
});

test("Record_WeekendPrice_OldObservationIsStored", async () =>
  void stored(await w.submit(w.batch({ sequence: sequence(), records: w.feeds.map((f) => w.record(f, { observedAt: NOW * 1000 - 3 * 86_400_000, session: 5, closedReason: 1, state: 7 })) }))));

test("Round_IsTheSequenceWithWhichTheObservationCame", async () => {
  const at = async (observedAt, price = 32_041_500_000n) => {
    stored(await w.submit(w.batch({ sequence: sequence(), records: w.feeds.map((f) => w.record(f, { observedAt, price })) })));
    return Number(field(w.feeds[0]).round - BigInt(NOW * 1000) * 16n);
  };
  assert.equal(await at(NOW * 1000 - 900), 1);
  assert.equal(await at(NOW * 1000 - 900), 1);
  assert.equal(await at(NOW * 1000 - 899), 3);
  assert.equal(await at(NOW * 1000 - 899, 32_041_600_000n), 3);
  assert.equal(await at(NOW * 1000), 5);
});

test("Record_EveryPairOfMarks_IsStoredOnlyWhenItMeansSomething", async () => {
  // Session and closed reason, halt reason and state: all values of each byte beside a good one of the other.
  const marks = [...Array(256).keys()].flatMap((b) => [[b, 0x01], [0x20, b]]);
  for (const [market, state] of marks) {
    const record = w.record(w.feeds[1]);
    [record[41], record[42]] = [market, state];
    const [session, closed, halt, feed] = [market >> 4, market & 15, state >> 4, state & 15];
    const good = session <= 5 && closed <= 5 && (closed === 0 || session === 5) && halt <= 9 && feed >= 1 && feed <= 7;
    const r = await w.submit(w.batch({ sequence: sequence(), records: [w.record(w.feeds[0]), record, w.record(w.feeds[2])] }));
    assert.deepEqual(r.reasons, good ? undefined : [0, reasons.BadEncoding, 0], `${market} ${state}`);
  }
});

test("Record_TypeOtherThanTheStoredOne_IsJudgedAsStrictly", async () => {
  const token = { multiplier: 1n, underlying: 1n };
  stored(await w.submit(w.batch({ sequence: sequence() })));
  await secondSkipped("BadEncoding", { record: w.record(w.feeds[1], { token: { ...token, multiplier: 0n } }) });
  await secondSkipped("ObservedBack", { record: w.record(w.feeds[1], { token, observedAt: NOW * 1000 - 501 }) });
  await secondSkipped("WrongType", { record: w.record(w.feeds[1], { token }) });
  w.feeds[1] = await w.addFeedAside({ identity: "token", quote: "USD", unit: 2, decimals: 8 });
  await secondSkipped("BadEncoding", { record: w.record(w.feeds[1], { observedAt: 0 }) });
  await secondSkipped("BadEncoding", { record: w.record(w.feeds[1], { token, observedAt: 0 }) });
});

test("AllSkipped_FailsWithTheFirstReason", async () => {
  const b = w.batch({ sequence: sequence(), records: [w.record(w.feeds[0], { state: 0 }), ...w.feeds.slice(1).map((f) => w.record(f, { observedAt: NOW * 1000 + 1 }))] });
  nothingStored(await w.submit(b), "BadEncoding");
  for (const f of w.feeds) assert.equal(field(f).sequence, 0n);
});

// --- canonical encoding

const big = 2n ** 63n - 1n;
const broken = {
  priceZero: { price: 0n, bid: undefined, ask: undefined, ema: undefined },
  priceNegative: { price: -1n, bid: undefined, ask: undefined, ema: undefined },
  bidWithoutAsk: { ask: undefined },
  dearBidWithoutAsk: { price: 2n ** 50n, bid: 2n ** 50n, ask: undefined, ema: undefined },
  dearAskWithoutBid: { price: 2n ** 50n, bid: undefined, ask: 2n ** 50n, ema: undefined },
  dearBidAboveAsk: { price: 2n ** 50n, bid: 2n ** 50n + 1n, ask: 2n ** 50n, ema: undefined },
  askWithoutBid: { bid: undefined },
  bidAboveAsk: { bid: 32_042_000_001n },
  bidZero: { price: 5n, bid: 0n, ask: 6n, ema: undefined },
  bidNegative: { price: 5n, bid: -1n, ask: 6n, ema: undefined },
  bidAndAskNegative: { price: 5n, bid: -2n, ask: -1n, ema: undefined },
  askPastI64: { price: big, bid: big, ask: big + 1n, ema: undefined },
  emaZero: { price: 5n, bid: undefined, ask: undefined, ema: 0n },
  emaPastI64: { price: big, bid: undefined, ask: undefined, ema: big + 1n },
  session6: { session: 6 },
  session15: { session: 15 },
  closedReason6: { session: 5, closedReason: 6 },
  closedReasonWhileOpen: { session: 2, closedReason: 1 },
  closedReasonWhileUnknown: { session: 0, closedReason: 1 },
  halt10: { haltReason: 10 },
  halt15: { haltReason: 15 },
  state0: { state: 0 },
  state8: { state: 8 },
  state15: { state: 15 },
  hold16: { holdReasons: 1 << 16 },
  hold31: { holdReasons: 2 ** 31 },
  upstreamsAboveSources: { sourcesUsed: 2, upstreams: 3 },
  observedAtZero: { observedAt: 0 },
  maxAgeZero: { maxAge: 0 },
};
const tokenTerms = { multiplier: 10n ** 18n, next: 2n * 10n ** 18n, activation: NOW, underlying: 5n };
for (const [name, change] of Object.entries({
  multiplierZero: { multiplier: 0n }, stagedWithoutTime: { activation: 0 }, underlyingZero: { underlying: 0n }, underlyingNegative: { underlying: -1n },
}))
  broken[name] = { token: { ...tokenTerms, ...change } };

for (const [name, change] of Object.entries(broken))
  test(`Record_NotCanonical_${name}_IsSkipped`, async () => {
    w.must(await w.send([w.program.setBounds({ registry: w.registry, owner: w.owner, feed: w.feeds[1].address, min: 1, max: big })]));
    await secondSkipped("BadEncoding", { record: w.record(w.feeds[1], change) });
  });

const wide = 2n ** 47n - 1n;
for (const [name, change] of Object.entries({
  dearNothingOptional: { price: 2n ** 50n, bid: undefined, ask: undefined, ema: undefined },
  dearLocked: { price: 2n ** 47n, bid: 2n ** 47n, ask: 2n ** 47n, ema: 2n ** 47n },
  nothingOptional: { bid: undefined, ask: undefined, ema: undefined },
  lockedMarket: { bid: 32_041_500_000n, ask: 32_041_500_000n },
  smallest: { price: 1n, bid: 1n, ask: 1n, ema: 1n },
  largest: { price: big, bid: big, ask: big, ema: big },
  widestOffsets: { price: 2n ** 47n, bid: 1n, ask: 2n ** 47n + wide, ema: 2n ** 47n + wide },
  bidBelowByTheMost: { price: 2n ** 48n, bid: 2n ** 48n - wide, ask: 2n ** 48n, ema: 2n ** 48n - wide },
  everyEnumAtItsEnd: { session: 5, closedReason: 5, haltReason: 9, state: 7, holdReasons: 0xffff, sourcesUsed: 255, sourcesRejected: 255, upstreams: 255 },
  closedWithoutReason: { session: 5, closedReason: 0, state: 7 },
  sessionUnknown: { session: 0, state: 4 },
  firstMillisecond: { observedAt: 1 },
  longTimes: { nextChangeAt: 2 ** 40 - 1, maxAge: 2 ** 32 - 1, confidence: 2 ** 48 - 1 },
  tokenNothingStaged: { token: { ...tokenTerms, next: 0n, activation: 0 } },
  tokenTimeWithoutStaged: { token: { ...tokenTerms, next: 0n, activation: 1 } },
  tokenSplitOnlyHighWord: { token: { ...tokenTerms, multiplier: 1n << 64n, next: 1n << 127n, activation: 2 ** 40 - 1 } },
}))
  test(`Record_Canonical_${name}_IsStored`, async () => {
    if (change.token) w.feeds[1] = await w.addFeedAside({ identity: "token", quote: "USD", unit: 2, decimals: 8 });
    w.must(await w.send([w.program.setBounds({ registry: w.registry, owner: w.owner, feed: w.feeds[1].address, min: 1, max: big })]));
    const record = w.record(w.feeds[1], change);
    stored(await w.submit(w.batch({ sequence: sequence(), records: [w.record(w.feeds[0]), record, w.record(w.feeds[2])] })));
    assert.deepEqual(field(w.feeds[1]).record.subarray(0, record.length), record);
  });

for (const unit of [1, 2, 3, 4, 5, 6, 7, 8])
  test(`Record_FeedOfUnit${unit}_TakesItsTypeAlone`, async () => {
    const tokens = [2, 3, 4, 6].includes(unit);
    w.feeds[1] = await w.addFeedAside({ identity: "ofThatUnit", quote: "USD", unit, decimals: 8 });
    const its = w.record(w.feeds[1], tokens ? { token: tokenTerms } : {}), other = w.record(w.feeds[1], tokens ? {} : { token: tokenTerms });
    await secondSkipped("WrongType", { record: other });
    stored(await w.submit(w.batch({ sequence: sequence(), records: [w.record(w.feeds[0]), its, w.record(w.feeds[2])] })));
    assert.deepEqual(field(w.feeds[1]).record.subarray(0, its.length), its);
    assert.equal(field(w.feeds[1]).type, tokens ? 2 : 1);
    await secondSkipped("WrongType", { record: other });
  });
