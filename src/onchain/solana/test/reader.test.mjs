// The consumer's reader: what it decodes, and every reason for which it refuses a price.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  collateralPrice, debtPrice, defaultPolicy, isPrice, isRegistryPaused, liquidationPolicy, NotAPrice, OtherUnit, readFeed, readRecord, requireUsable, stepNear, units, Unusable,
} from "../reader.mjs";
import { stored } from "./support/expect.mjs";
import { NOW, World } from "./support/world.mjs";

let w, n = 0n;
const ofUnit = [];
before(async () => {
  w = await World.ready(1);
  for (let unit = 1; unit < units.length; unit++) ofUnit[unit] = await w.addFeedAside({ identity: "eachUnit", quote: "USD", unit, decimals: 8 });
});

const now = NOW * 1000;
const put = async ({ feed = undefined, ...more } = {}) => {
  const to = feed ?? (more.token ? ofUnit[2] : w.feeds[0]);
  stored(await w.submit(w.batch({ sequence: BigInt(now) * 16n + ++n, records: [w.record(to, { observedAt: now, nextChangeAt: NOW + 3_600, ...more })] }), { feeds: [to] }));
  return readFeed(w.data(to));
};
const liquidating = liquidationPolicy("UnderlyingShare"), { unit: _, ...liquidatingAny } = liquidating;
const use = (feed, policy = {}, seconds = NOW + 1) => requireUsable(feed, w.data(w.registry), seconds, { ...defaultPolicy(feed.unit), ...policy });
const refuses = (feed, reason, policy, seconds) => assert.throws(() => use(feed, policy, seconds), (e) => e instanceof Unusable && (assert.match(e.reason, reason), true));

test("ReadFeed_NothingStored_HasNoPrice", () => {
  const feed = readFeed(w.data(w.feeds[0]));
  assert.equal(feed.record, null);
  assert.equal(feed.price, null);
  refuses(feed, /nothing stored/);
  for (const price of [collateralPrice, debtPrice]) assert.throws(() => price(feed), /nothing stored/);
});

test("ReadFeed_Stored_DecodesEveryField", async () => {
  const token = { multiplier: (1n << 127n) + 5n, next: 2n * 10n ** 18n, activation: NOW + 1_000_000, underlying: 99n };
  const feed = await put({
    price: 5_000_000_000n, confidence: 77, bid: 4_999_999_990n, ask: 5_000_000_010n, ema: undefined, session: 5, closedReason: 2, haltReason: 9, state: 4, holdReasons: 0x8003,
    sourcesUsed: 7, sourcesRejected: 2, upstreams: 3, maxAge: 90, token,
  });
  assert.equal(feed.price, 5_000_000_000n);
  assert.equal(feed.unit, "RawToken");
  assert.equal(feed.decimals, 8);
  assert.equal(feed.id, ofUnit[2].id.toString("hex"));
  assert.equal(feed.attestedAtMillis, now);
  assert.equal(feed.sequence, BigInt(now) * 16n + n);
  assert.equal(feed.round, feed.sequence);
  assert.deepEqual(feed.record, {
    feedTag: ofUnit[2].tag.toString("hex"), price: 5_000_000_000n, confidence: 77n, bid: 4_999_999_990n, ask: 5_000_000_010n, ema: null, session: "Closed", closedReason: "Holiday",
    haltReason: "Other", state: "Held", holdReasons: ["BelowQuorum", "Disagreement", "Configuration"], sourcesUsed: 7, sourcesRejected: 2, upstreams: 3, observedAtMillis: now,
    nextChangeAtSeconds: NOW + 3_600, maxAgeSeconds: 90,
    token: { multiplier: (1n << 127n) + 5n, nextMultiplier: 2n * 10n ** 18n, activationSeconds: NOW + 1_000_000, underlyingPrice: 99n },
  });
});

test("ReadFeed_OtherBytes_AreRefused", () => {
  const data = w.data(ofUnit[2]);
  assert.throws(() => readFeed(data.subarray(0, 239)), /240/);
  assert.throws(() => readFeed(Buffer.from(data).fill(0, 0, 1)), /begins with ONFed/);
  assert.throws(() => readFeed(Buffer.from(data).fill(1, 5, 6)), /version 1/);
  assert.throws(() => readFeed(Buffer.from(data).fill(3, 7, 8)), /record type 3/);
  assert.throws(() => readFeed(Buffer.from(data).fill(1, 7, 8)), /not a record: type 2 in 65/);
  assert.throws(() => readFeed(Buffer.from(data).fill(9, 8, 9)), /unit 9/);
  assert.throws(() => readFeed(Buffer.from(data).fill(0xff, 128 + 41, 128 + 42)), /session 15/);
  assert.throws(() => readRecord(new Uint8Array(0)), /not a record/);
  assert.throws(() => isRegistryPaused(data), /1792/);
  assert.throws(() => isRegistryPaused(new Uint8Array(1792)), /begins with ONReg/);
});

test("RequireUsable_Live_Passes", async () => use(await put()));

const token = (multiplier, next, activation) => ({ token: { multiplier, next, activation, underlying: 1n } });
const bare = { bid: undefined, ask: undefined, ema: undefined };
for (const [name, record, reason, policy, seconds] of [
  ["Held", { state: 4, holdReasons: 1 }, /^state Held \(BelowQuorum\)/],
  ["Reopening", { state: 3 }, /^state Reopening/],
  ["StateClosed", { state: 7 }, /^state Closed/],
  ["PausedEvenWhenAccepted", { state: 5 }, /^state Paused/, { states: ["Paused"] }],
  ["RetiredEvenWhenAccepted", { state: 6 }, /^state Retired/, { states: ["Retired"] }],
  ["Halted", { haltReason: 1 }, /^halted: VolatilityPause/],
  ["PreMarket", { session: 1 }, /^session PreMarket/],
  ["Overnight", { session: 4 }, /^session Overnight/, liquidatingAny],
  ["SessionClaimExpired", { nextChangeAt: NOW + 1 }, /^its session claim expired 0 s ago/],
  ["AttestedAhead", {}, /^attested 61000 ms in the future/, {}, NOW - 61],
  ["AttestationTooOld", { maxAge: 10 }, /^attested 11000 ms ago, allowed 10 s/, {}, NOW + 11],
  ["ObservationTooOld", { maxAge: 600 }, /^observed 301000 ms ago, allowed 300 s/, {}, NOW + 301],
  ["ConfidenceTooWide", { price: 10_000n, confidence: 101, ...bare }, /^confidence 101/],
  ["SplitAheadWithinTheWindow", token(100n, 200n, NOW + 86_401), /^its multiplier changes from 100 to 200/],
  ["SplitBehindWithinTheWindow", token(100n, 200n, NOW - 86_399), /^its multiplier changes/],
  ["SplitLongBehindAndNotApplied", token(100n, 200n, NOW - 90_000), /^its multiplier is still 100, and 200 since/],
  ["MultiplierJustChanged", token(200n, 0n, NOW - 86_399), /^its multiplier 200 applies since/],
  ["ReverseSplit", token(100n, 99n, NOW), /^its multiplier changes/],
])
  test(`RequireUsable_${name}_Refuses`, async () => refuses(await put(record), reason, policy, seconds));

test("RequireUsable_JustInsideEveryLimit_Passes", async () => {
  const attested = async (attestedAtMillis) => ({ ...(await put()), attestedAtMillis });
  use(await attested(now), {}, NOW - 60);
  refuses(await attested(now + 1), /^attested 60001 ms in the future/, {}, NOW - 60);
  use(await put({ maxAge: 10 }), {}, NOW + 10);
  use(await put({ maxAge: 600 }), {}, NOW + 300);
  use(await put({ price: 10_000n, confidence: 100, ...bare }));
  use(await put({ state: 2 }));
  use(await put({ session: 1 }), liquidatingAny);
  use(await put({ haltReason: 5 }), { halts: ["None", "News"] });
  use(await put({ nextChangeAt: 0 }));
  use(await put({ nextChangeAt: NOW + 2 }));
  use(await put(token(100n, 200n, NOW + 86_402)));
  use(await put(token(200n, 0n, NOW - 86_400)));
  use(await put(token(200n, 0n, 0)));
  use(await put(token(10_000n, 10_099n, NOW)));
  use(await put(token(100n, 200n, NOW + 3_602)), liquidatingAny);
});

test("RequireUsable_PolicyOrTimeMissing_Throws", async () => {
  const feed = await put(), registry = w.data(w.registry);
  const policy = defaultPolicy("UnderlyingShare");
  for (const name of Object.keys(policy)) assert.throws(() => requireUsable(feed, registry, NOW, { ...policy, [name]: undefined }), new RegExp(`names no ${name}`));
  for (const time of [undefined, NaN]) assert.throws(() => requireUsable(feed, registry, time, policy), /unixSeconds/);
  for (const unit of [undefined, 2, "Unknown", "rawToken"]) for (const make of [defaultPolicy, liquidationPolicy]) assert.throws(() => make(unit), /is none of UnderlyingShare, RawToken/);
});

test("RequireUsable_FeedOrRegistryPaused_Refuses", async () => {
  await put();
  const set = (paused, feeds) => w.send([w.program.setPaused({ registry: w.registry, by: w.owner, paused, feeds })]);
  w.must(await set(true, [w.feeds[0].address]));
  refuses(readFeed(w.data(w.feeds[0])), /^paused/);
  w.must(await set(false, [w.feeds[0].address]));
  w.must(await set(true));
  refuses(readFeed(w.data(w.feeds[0])), /^all feeds are paused/);
  w.must(await set(false));
  use(readFeed(w.data(w.feeds[0])));
});

test("RequireUsable_EachUnitAskedForAsEach_OnlyItself", async () => {
  for (const [number, unit] of units.entries()) {
    if (number === 0) continue;
    const terms = [2, 3, 4, 6].includes(number) ? { token: { multiplier: 1n, underlying: 1n } } : {};
    const feed = await put({ feed: ofUnit[number], ...terms });
    for (const expected of units.slice(1))
      if (expected === unit) use(feed, { unit: expected });
      else assert.throws(() => use(feed, { unit: expected }), (e) => e instanceof OtherUnit && e instanceof Unusable && e.unit === unit && e.expected === expected);
    assert.equal(isPrice(unit), number < 5 || number > 7);
    for (const price of [collateralPrice, debtPrice])
      if (isPrice(unit)) assert.ok(price(feed) > 0n);
      else assert.throws(() => price(feed), (e) => e instanceof NotAPrice && e instanceof Unusable && e.unit === unit);
  }
});

test("StepNear_AnIndication_AnchorIsNoStep", async () => {
  const feed = await put({ feed: ofUnit[6], token: { multiplier: 10n ** 18n, next: 0n, activation: NOW - 60, underlying: 99n } });
  assert.equal(stepNear(feed, NOW, defaultPolicy("IndicativeShare")), null);
  use(feed);
  assert.equal(feed.record.token.activationSeconds, NOW - 60);
  assert.equal(feed.record.token.underlyingPrice, 99n);
});

test("StepNear_OwnWindow_SaysWhyOrNull", async () => {
  const pause = { minStepBps: 100, pauseBefore: 60, pauseAfter: 30 };
  const staged = await put(token(10_000n, 10_100n, NOW));
  for (const [seconds, why] of [[NOW - 61, null], [NOW - 60, /changes from 10000 to 10100/], [NOW + 30, /changes/], [NOW + 31, /is still 10000/]]) {
    const said = stepNear(staged, seconds, pause);
    if (why === null) assert.equal(said, null);
    else assert.match(said, why);
  }
  assert.equal(stepNear(await put(token(10_000n, 10_099n, NOW)), NOW, pause), null);
  assert.match(stepNear(await put(token(10_000n, 10_001n, NOW)), NOW, { ...pause, minStepBps: 0 }), /changes/);
  assert.equal(stepNear(await put(), NOW, pause), null);
});

test("CollateralAndDebtPrice_AreTheEndsOfTheConfidenceInterval", async () => {
  const feed = await put({ price: 10_000n, confidence: 70, ...bare });
  assert.equal(collateralPrice(feed), 9_930n);
  assert.equal(debtPrice(feed), 10_070n);
  assert.throws(() => collateralPrice({ ...feed, record: { ...feed.record, confidence: 10_000n } }), /no less than the price/);
});

const compiler = new URL("../../node_modules/typescript/bin/tsc", import.meta.url);
const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];

test("ReaderTypes_AConsumerInTypeScript_Compiles", () => {
  const consumer = fileURLToPath(new URL("consumer.mts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(compiler), ...options, consumer], { encoding: "utf8" });
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: "", stderr: "" });
});

test("ReaderTypes_NameExactlyWhatTheReaderExports", async () => {
  const declared = [...readFileSync(new URL("../reader.d.mts", import.meta.url), "utf8").matchAll(/^export (?:const|function|class) (\w+)/gm)].map((m) => m[1]);
  assert.deepEqual(declared.sort(), Object.keys(await import("../reader.mjs")).sort());
});
