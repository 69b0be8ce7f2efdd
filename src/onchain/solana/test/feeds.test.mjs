// Feed accounts: creating, bounds, pausing, closing.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { generateKeyPairSigner } from "@solana/kit";
import { nothingStored, refused, stored } from "./support/expect.mjs";
import { FEED_SIZE, key, read, SYSTEM_PROGRAM, u8, write } from "./support/program.mjs";
import { NOW, World } from "./support/world.mjs";

let w, serial = 0;
before(async () => {
  w = await World.ready(2);
});

const terms = (more = {}) => ({ identity: `figi:TEST${++serial}@XNAS`, quote: "USD", unit: 1, decimals: 8, ...more });
const init = async (feed, options, creation) => w.send([w.createFeed(feed, creation), w.initFeed(feed, options)]);

test("InitFeed_Fresh_HoldsIdTermsAndBounds", async () => {
  for (let unit = 1; unit <= 8; unit++) {
    const each = await w.newFeed(terms({ unit }));
    stored(await init(each));
    assert.equal(w.data(each)[8], unit);
  }
  const feed = await w.newFeed(terms({ unit: 3 }));
  stored(await init(feed, { min: 5, max: 2n ** 63n - 1n }));
  const data = w.data(feed);
  assert.equal(data.toString("latin1", 0, 8), "ONFed\x02\0\0");
  assert.deepEqual([...data.subarray(8, 16)], [3, 8, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(data.subarray(16, 48), feed.id);
  assert.deepEqual(data.subarray(48, 80), key(w.registry));
  assert.equal(data.readBigInt64LE(80), 5n);
  assert.equal(data.readBigInt64LE(88), 2n ** 63n - 1n);
  assert.deepEqual(data.subarray(96), Buffer.alloc(144));
});

test("InitFeed_LongestIdentityAndQuote_AreAccepted", async () =>
  void stored(await init(await w.newFeed(terms({ identity: "~".repeat(255), quote: "!".repeat(16) })))));

test("InitFeed_IdentityQuoteUnitOrDecimalsWrong_IsRefused", async () => {
  for (const wrong of [
    { identity: "" }, { quote: "" }, { quote: "Q".repeat(17) }, { identity: "a b" }, { identity: "a\x7f" }, { identity: "\x00" }, { quote: "US\n" }, { quote: "\xe9" },
    { unit: 0 }, { unit: 9 }, { unit: 255 }, { decimals: 7 }, { decimals: 18 },
  ])
    refused(await init(await w.newFeed(terms(wrong))), "BadIdentity");
});

test("InitFeed_BoundsWrong_AreRefused", async () => {
  for (const [min, max] of [[0, 1], [-1, 1], [2, 1], [1, -1], [1, 2n ** 63n]]) refused(await init(await w.newFeed(terms()), { min, max }), "BadBounds");
});

test("InitFeed_AddressOfAnotherFeed_IsRefused", async () => {
  const feed = await w.newFeed(terms()), other = await w.newFeed(terms());
  refused(await w.send([w.createFeed(other), w.initFeed({ ...feed, address: other.address })]), "WrongAddress");
});

test("InitFeed_CreatedByAnotherBase_IsRefused", async () => {
  const feed = await w.newFeed(terms());
  const address = await w.program.addressOf(w.stranger.address, feed.seed);
  refused(await w.send([w.createFeed(feed, { base: w.stranger, to: address }), w.initFeed({ ...feed, address })]), "WrongAddress");
});

test("InitFeed_Twice_IsRefused", async () => {
  const feed = await w.addFeed(terms());
  w.feeds.pop();
  refused(await w.send([w.initFeed(feed)]), "AlreadyInitialised");
});

test("InitFeed_OtherSizeOwnerOrBalance_IsRefused", async () => {
  refused(await init(await w.newFeed(terms()), {}, { size: FEED_SIZE - 1n }), "BadAccount");
  refused(await init(await w.newFeed(terms()), {}, { size: FEED_SIZE + 1n, lamports: w.rent(FEED_SIZE + 1n) }), "BadAccount");
  const feed = await w.newFeed(terms());
  w.must(await w.send([w.createFeed(feed)]));
  const found = w.svm.getAccount(feed.address);
  w.svm.setAccount({ ...found, lamports: found.lamports - 1n });
  refused(await w.send([w.initFeed(feed)]), "NotRentExempt");
  w.svm.setAccount({ ...found, programAddress: SYSTEM_PROGRAM });
  refused(await w.send([w.initFeed(feed)]), "NotOurAccount");
  w.svm.setAccount(found);
  const i = w.initFeed(feed);
  refused(await w.send([{ ...i, accounts: [i.accounts[0], i.accounts[1], read(feed.address)] }]), "AccountNotWritable");
  stored(await w.send([i]));
});

test("InitFeed_ByAnyoneButTheOwner_IsRefused", async () => {
  const feed = await w.newFeed(terms());
  for (const owner of [w.guardian, w.base, w.stranger]) refused(await init(feed, { owner }), "NotAuthorised");
});

test("InitFeed_EveryTruncationAndOneByteMore_IsRefused", async () => {
  const feed = await w.newFeed(terms());
  w.must(await w.send([w.createFeed(feed)]));
  const i = w.initFeed(feed);
  for (let length = 1; length < i.data.length; length++) refused(await w.send([{ ...i, data: i.data.subarray(0, length) }]), "BadInstruction");
  for (const data of [[5, 255], [5, 1, 65, 255], [5, 255, ...Buffer.alloc(254)]]) refused(await w.send([{ ...i, data: Buffer.from(data) }]), "BadInstruction");
  refused(await w.send([{ ...i, data: Buffer.concat([i.data, u8(0)]) }]), "BadInstruction");
  refused(await w.send([{ ...i, accounts: i.accounts.slice(0, 2) }]), "WrongAccountCount");
  refused(await w.send([{ ...i, accounts: [...i.accounts, read(w.stranger.address)] }]), "WrongAccountCount");
});

test("SetBounds_ByTheOwnerWithinReason_Applies", async () => {
  const set = (min, max, owner = w.owner, feed = w.feeds[0].address) => w.program.setBounds({ registry: w.registry, owner, feed, min, max });
  for (const [min, max] of [[0, 1], [-1, 1], [2, 1], [1, -1]]) refused(await w.send([set(min, max)]), "BadBounds");
  refused(await w.send([set(1, 2, w.guardian)]), "NotAuthorised");
  stored(await w.send([set(7, 7)]));
  assert.equal(w.data(w.feeds[0]).readBigInt64LE(80), 7n);
  assert.equal(w.data(w.feeds[0]).readBigInt64LE(88), 7n);
  stored(await w.send([set(1, 10n ** 15n)]));
});

test("SetBoundsPausedAndClose_OnWhatIsNoFeedOfOurs_AreRefused", async () => {
  const other = (await generateKeyPairSigner()).address, found = w.svm.getAccount(w.feeds[0].address);
  const on = (a) => [
    { ...w.program.setBounds({ registry: w.registry, owner: w.owner, feed: other, min: 1, max: 2 }), at: 2 },
    { ...w.program.setPaused({ registry: w.registry, by: w.owner, paused: true, feeds: [other] }), at: 2 },
    { ...w.program.closeFeed({ registry: w.registry, owner: w.owner, feed: other }), at: 2 },
  ].map(({ at, ...i }) => ({ ...i, accounts: i.accounts.map((x, n) => (n === at ? a : x)) }));
  const changed = (at) => ({ data: Buffer.from(found.data).fill(found.data[at] ^ 1, at, at + 1) });
  for (const [change, error] of [
    [{ programAddress: SYSTEM_PROGRAM }, "NotOurAccount"], [changed(0), "BadAccount"], [changed(5), "BadAccount"], [changed(48), "BadAccount"], [{ data: found.data.slice(0, 239) }, "BadAccount"],
  ]) {
    w.svm.setAccount({ ...found, address: other, ...change, space: BigInt((change.data ?? found.data).length) });
    for (const i of on(write(other))) refused(await w.send([i]), error);
  }
  for (const i of on(read(w.feeds[0].address))) refused(await w.send([i]), "AccountNotWritable");
});

test("SetPaused_SeveralFeeds_AllOrNone", async () => {
  const set = (by, paused, feeds) => w.program.setPaused({ registry: w.registry, by, paused, feeds });
  const all = w.feeds.map((f) => f.address);
  stored(await w.send([set(w.guardian, true, all)]));
  assert.deepEqual(w.feeds.map((f) => w.data(f)[6]), [1, 1]);
  assert.equal(w.data(w.registry)[6], 0);
  refused(await w.send([set(w.owner, false, [...all, w.stranger.address])]), "NotOurAccount");
  assert.deepEqual(w.feeds.map((f) => w.data(f)[6]), [1, 1]);
  refused(await w.send([set(w.owner, false, [all[0], all[0]])]), "DuplicateAccount");
  stored(await w.send([set(w.owner, false, all)]));
  assert.deepEqual(w.feeds.map((f) => w.data(f)[6]), [0, 0]);
});

test("CloseFeed_ByTheOwner_ReturnsTheLamportsAndLeavesNothing", async () => {
  const feed = await w.addFeed(terms());
  w.feeds.pop();
  const close = (owner) => w.program.closeFeed({ registry: w.registry, owner, feed: feed.address });
  refused(await w.send([close(w.guardian)]), "NotAuthorised");
  const readOnlyOwner = close(w.owner);
  readOnlyOwner.accounts[1] = { ...readOnlyOwner.accounts[1], role: 2 };
  refused(await w.send([readOnlyOwner]), "AccountNotWritable");
  const readOnlyRegistry = close(w.owner);
  readOnlyRegistry.accounts[0] = read(w.registry);
  refused(await w.send([readOnlyRegistry]), "AccountNotWritable");
  const held = w.svm.getAccount(feed.address).lamports, before = w.svm.getBalance(w.owner.address);
  stored(await w.send([close(w.owner)]));
  assert.equal(w.data(feed), undefined);
  assert.equal(w.svm.getBalance(w.owner.address), before + held);
  // Opened again it is a new feed, under the same rules.
  stored(await init(feed));
});

test("CloseFeed_RefundedInTheSameTransaction_IsNoFeedAnyMore", async () => {
  const feed = await w.addFeed(terms()), { getTransferSolInstruction } = await import("@solana-program/system");
  w.feeds.pop();
  stored(await w.send([
    w.program.closeFeed({ registry: w.registry, owner: w.owner, feed: feed.address }),
    getTransferSolInstruction({ source: w.payer, destination: feed.address, amount: w.rent(FEED_SIZE) }),
  ]));
  assert.deepEqual(w.data(feed), Buffer.alloc(240));
  const b = w.batch({ sequence: BigInt(NOW * 1000) * 16n + 5n, records: [w.record(feed)] });
  assert.equal((await w.submit(b, { feeds: [feed] })).custom, 256 + 1);
});

test("CloseFeed_OpenedAgain_TakesNothingSignedBefore", async () => {
  const feed = await w.addFeedAside(terms()), never = await w.addFeedAside(terms());
  const closedSequence = () => w.data(w.registry).readBigUInt64LE(200);
  const at = (n) => w.batch({ sequence: BigInt(NOW * 1000) * 16n + n, records: [w.record(feed)] });
  const close = (f) => w.program.closeFeed({ registry: w.registry, owner: w.owner, feed: f.address });
  const first = closedSequence();
  stored(await w.submit(at(20n), { feeds: [feed] }));
  stored(await w.submit(at(30n), { feeds: [feed] }));
  stored(await w.send([close(feed)]));
  stored(await init(feed));
  assert.equal(closedSequence(), BigInt(NOW * 1000) * 16n + 30n);
  assert.ok(closedSequence() > first);
  for (const n of [20n, 30n]) nothingStored(await w.submit(at(n), { feeds: [feed] }), "NotNewer");
  stored(await w.submit(at(31n), { feeds: [feed] }));
  // A feed that never stored anything, or less, leaves it where it is.
  stored(await w.send([close(never)]));
  assert.equal(closedSequence(), BigInt(NOW * 1000) * 16n + 30n);
});
