// The consumer's reader: what it decodes, and every reason for which it refuses a price.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { isRegistryPaused, readFeed, readRecord, requireUsable } from "../reader.mjs";
import { stored } from "./support/expect.mjs";
import { NOW, World } from "./support/world.mjs";

let w, n = 0n;
before(async () => {
  w = await World.ready(1);
});

const now = NOW * 1000;
const put = async (more = {}) => {
  stored(await w.submit(w.batch({ sequence: BigInt(now) * 16n + ++n, records: [w.record(w.feeds[0], { observedAt: now, nextChangeAt: NOW + 3_600, ...more })] })));
  return readFeed(w.data(w.feeds[0]));
};
const policy = (more = {}) => ({ registry: w.data(w.registry), nowMillis: now + 1_000, maxObservationAgeMillis: 30_000, ...more });

test("ReadFeed_NothingStored_HasNoPrice", () => {
  const feed = readFeed(w.data(w.feeds[0]));
  assert.equal(feed.record, null);
  assert.equal(feed.price, null);
  assert.throws(() => requireUsable(feed, policy()), /nothing stored/);
});

test("ReadFeed_Stored_DecodesEveryField", async () => {
  const token = { multiplier: (1n << 127n) + 5n, next: 2n * 10n ** 18n, activation: NOW + 1_000_000, underlying: 99n };
  const feed = await put({
    price: 5_000_000_000n, confidence: 77, bid: 4_999_999_990n, ask: 5_000_000_010n, ema: undefined, session: 5, closedReason: 2, haltReason: 9, state: 4, holdReasons: 0x8003,
    sourcesUsed: 7, sourcesRejected: 2, upstreams: 3, maxAge: 90, token,
  });
  assert.equal(feed.price, 5_000_000_000n);
  assert.equal(feed.unit, "UnderlyingShare");
  assert.equal(feed.decimals, 8);
  assert.equal(feed.id, w.feeds[0].id.toString("hex"));
  assert.equal(feed.attestedAtMillis, now);
  assert.equal(feed.sequence, BigInt(now) * 16n + n);
  assert.equal(feed.round, 1n);
  assert.deepEqual(feed.record, {
    feedTag: w.feeds[0].tag.toString("hex"), price: 5_000_000_000n, confidence: 77n, bid: 4_999_999_990n, ask: 5_000_000_010n, ema: null, session: "Closed", closedReason: "Holiday",
    haltReason: "Other", state: "Held", holdReasons: ["BelowQuorum", "Disagreement", "Configuration"], sourcesUsed: 7, sourcesRejected: 2, upstreams: 3, observedAtMillis: now,
    nextChangeAtSeconds: NOW + 3_600, maxAgeSeconds: 90,
    token: { multiplier: (1n << 127n) + 5n, nextMultiplier: 2n * 10n ** 18n, activationSeconds: NOW + 1_000_000, underlyingPrice: 99n },
  });
});

test("ReadFeed_OtherBytes_AreRefused", () => {
  const data = w.data(w.feeds[0]);
  assert.throws(() => readFeed(data.subarray(0, 239)), /240/);
  assert.throws(() => readFeed(Buffer.from(data).fill(0, 0, 1)), /discriminator/);
  assert.throws(() => readFeed(Buffer.from(data).fill(2, 8, 9)), /version/);
  assert.throws(() => readFeed(Buffer.from(data).fill(64, 12, 13)), /not a record/);
  assert.throws(() => readRecord(new Uint8Array(0)), /not a record/);
  assert.throws(() => isRegistryPaused(data), /1792/);
});

test("RequireUsable_Live_Passes", async () => requireUsable(await put(), policy()));

for (const [name, record, more, reason] of [
  ["Held", { state: 4, holdReasons: 1 }, {}, /state Held \(BelowQuorum\)/],
  ["Degraded", { state: 2 }, {}, /state Degraded/],
  ["Halted", { haltReason: 1 }, {}, /halted: VolatilityPause/],
  ["PreMarket", { session: 1 }, {}, /session PreMarket/],
  ["SessionClaimExpired", { nextChangeAt: NOW + 1 }, {}, /session claim/],
  ["AttestationTooOld", { maxAge: 10 }, { nowMillis: now + 10_001 }, /attested 10001 ms ago/],
  ["ObservationTooOld", { maxAge: 600 }, { nowMillis: now + 30_001 }, /observed 30001 ms ago/],
  ["ConfidenceTooWide", { price: 10_000n, confidence: 101, bid: undefined, ask: undefined, ema: undefined }, {}, /confidence 101/],
  ["CorporateActionNear", { token: { multiplier: 1n, next: 2n, activation: NOW + 86_400, underlying: 1n } }, {}, /corporate action/],
])
  test(`RequireUsable_${name}_Refuses`, async () => {
    const feed = await put(record);
    assert.throws(() => requireUsable(feed, policy(more)), reason);
  });

test("RequireUsable_JustInsideEveryLimit_Passes", async () => {
  requireUsable(await put({ maxAge: 10 }), policy({ nowMillis: now + 10_000 }));
  requireUsable(await put({ maxAge: 600 }), policy({ nowMillis: now + 30_000 }));
  requireUsable(await put({ price: 10_000n, confidence: 100, bid: undefined, ask: undefined, ema: undefined }), policy());
  requireUsable(await put({ state: 2, session: 1 }), policy({ states: ["Live", "Degraded"], sessions: ["PreMarket", "Regular"] }));
  requireUsable(await put({ nextChangeAt: 0 }), policy());
});

test("RequireUsable_FeedOrRegistryPaused_Refuses", async () => {
  await put();
  const set = (paused, feeds) => w.send([w.program.setPaused({ registry: w.registry, by: w.owner, paused, feeds })]);
  w.must(await set(true, [w.feeds[0].address]));
  assert.throws(() => requireUsable(readFeed(w.data(w.feeds[0])), policy()), /: paused/);
  w.must(await set(false, [w.feeds[0].address]));
  w.must(await set(true));
  assert.throws(() => requireUsable(readFeed(w.data(w.feeds[0])), policy()), /all feeds are paused/);
  w.must(await set(false));
  requireUsable(readFeed(w.data(w.feeds[0])), policy());
});
