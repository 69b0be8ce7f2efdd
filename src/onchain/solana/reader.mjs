// How a consumer reads a feed on Solana: two accounts in, a price or the reason why there is none out. No dependency; copy it.
//
//   import { readFeed, requireUsable } from "./reader.mjs";
//   const [feedAccount, registryAccount] = await rpc.getMultipleAccounts([feed, registry], { encoding: "base64" })
//   const feed = readFeed(feedBytes);
//   requireUsable(feed, { registry: registryBytes, nowMillis: Date.now(), maxObservationAgeMillis: 120_000 });
//   feed.price   // bigint, 1e-8 of the quote currency
//
// The caller checks that both accounts are owned by the program, and that the feed's id is the one it was configured with.

export const sessions = ["Unknown", "PreMarket", "Regular", "PostMarket", "Overnight", "Closed"];
export const closedReasons = ["None", "Weekend", "Holiday", "EarlyClose", "Unscheduled", "SessionGap"];
export const haltReasons = ["None", "VolatilityPause", "MarketWide1", "MarketWide2", "MarketWide3", "News", "Regulatory", "Venue", "Operator", "Other"];
export const states = ["Unknown", "Live", "Degraded", "Reopening", "Held", "Paused", "Retired", "Closed"];
export const holdReasons = [
  "BelowQuorum", "Disagreement", "Jump", "Spread", "Confidence", "Stale", "Clock", "CalendarConflict", "CorporateAction", "Depeg", "Reserve", "Bounds",
  "Operator", "IssuerPause", "Identity", "Configuration",
];
export const units = ["Unknown", "UnderlyingShare", "RawToken", "UiToken", "WrapperShare"];

const FEED_LENGTH = 240, REGISTRY_LENGTH = 1_792, RECORD_AT = 128;
const recordLengths = [0, 65, 110]; // by record type
const absent = -(2n ** 47n);

/** Decodes a feed account. Throws when the bytes are not one. Before the first record was stored, `record` is null. */
export function readFeed(bytes) {
  const view = viewOf(bytes, FEED_LENGTH, "ONodeFed");
  const length = view.getUint8(12);
  const feed = {
    paused: (view.getUint8(9) & 1) !== 0,
    unit: units[view.getUint8(10)],
    decimals: view.getUint8(11),
    id: hex(bytes.subarray(16, 48)),
    registry: bytes.slice(48, 80),
    minPrice: view.getBigInt64(80, true),
    maxPrice: view.getBigInt64(88, true),
    sequence: view.getBigUint64(96, true),
    attestedAtMillis: Number(view.getBigUint64(104, true)),
    round: view.getBigUint64(112, true),
    slot: view.getBigUint64(120, true),
    record: length === 0 ? null : readRecord(bytes.subarray(RECORD_AT, RECORD_AT + length)),
  };
  return Object.assign(feed, { price: feed.record?.price ?? null });
}

/** Decodes the signed bytes of one record (big-endian; see OracleNode.Core/Updates/README.md). */
export function readRecord(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 0 || recordLengths[bytes[0]] !== bytes.length) throw new Error(`not a record: type ${bytes[0]} in ${bytes.length} bytes`);
  const unsigned = (at, length) => BigInt("0x" + hex(bytes.subarray(at, at + length)));
  const price = view.getBigInt64(9);
  const relative = (at) => {
    const offset = BigInt.asIntN(48, unsigned(at, 6));
    return offset === absent ? null : price + offset;
  };
  const record = {
    feedTag: hex(bytes.subarray(1, 9)),
    price,
    confidence: unsigned(17, 6),
    bid: relative(23),
    ask: relative(29),
    ema: relative(35),
    session: sessions[bytes[41] >> 4],
    closedReason: closedReasons[bytes[41] & 15],
    haltReason: haltReasons[bytes[42] >> 4],
    state: states[bytes[42] & 15],
    holdReasons: holdReasons.filter((_, bit) => (view.getUint32(43) >>> bit) & 1),
    sourcesUsed: bytes[47],
    sourcesRejected: bytes[48],
    upstreams: bytes[49],
    observedAtMillis: Number(unsigned(50, 6)),
    nextChangeAtSeconds: Number(unsigned(56, 5)),
    maxAgeSeconds: view.getUint32(61),
    token: null,
  };
  if (bytes[0] === 2)
    record.token = {
      multiplier: unsigned(65, 16), nextMultiplier: unsigned(81, 16), activationSeconds: Number(unsigned(97, 5)), underlyingPrice: view.getBigInt64(102),
    };
  return record;
}

/** Whether all feeds of the registry are paused. Throws when the bytes are not a registry account. */
export function isRegistryPaused(bytes) {
  return (viewOf(bytes, REGISTRY_LENGTH, "ONodeReg").getUint8(9) & 1) !== 0;
}

/**
 * Throws, with the reason, unless the price may be used for new risk now.
 * @param policy.registry the registry account's bytes
 * @param policy.nowMillis the time to judge by: on chain the Clock sysvar, never a time from the feed
 * @param policy.maxObservationAgeMillis how old the market's own word may be
 * @param policy.states accepted states; by default Live only
 * @param policy.sessions accepted sessions; by default Regular only
 * @param policy.maxConfidenceBps confidence / price at most; by default 100 (1 %)
 * @param policy.corporateActionPauseMillis how long before and after a staged multiplier activates nothing is used; by default a day
 */
export function requireUsable(feed, policy) {
  const {
    registry, nowMillis, maxObservationAgeMillis, states: accepted = ["Live"], sessions: open = ["Regular"], maxConfidenceBps = 100n,
    corporateActionPauseMillis = 86_400_000,
  } = policy;
  const refuse = (reason) => {
    throw new Error(`feed ${feed.id} is not usable: ${reason}`);
  };
  const record = feed.record ?? refuse("nothing stored yet");
  if (isRegistryPaused(registry)) refuse("all feeds are paused");
  if (feed.paused) refuse("paused");
  if (!accepted.includes(record.state)) refuse(`state ${record.state}${record.holdReasons.length ? ` (${record.holdReasons.join(", ")})` : ""}`);
  if (record.haltReason !== "None") refuse(`halted: ${record.haltReason}`);
  if (!open.includes(record.session)) refuse(`session ${record.session}`);
  if (record.nextChangeAtSeconds !== 0 && nowMillis >= record.nextChangeAtSeconds * 1000) refuse("its session claim has expired");
  if (nowMillis > feed.attestedAtMillis + record.maxAgeSeconds * 1000) refuse(`attested ${nowMillis - feed.attestedAtMillis} ms ago, allowed ${record.maxAgeSeconds} s`);
  if (nowMillis > record.observedAtMillis + maxObservationAgeMillis) refuse(`observed ${nowMillis - record.observedAtMillis} ms ago, allowed ${maxObservationAgeMillis}`);
  if (record.confidence * 10_000n > BigInt(maxConfidenceBps) * record.price) refuse(`confidence ${record.confidence} above ${maxConfidenceBps} bps of ${record.price}`);
  const activation = record.token?.activationSeconds ?? 0;
  if (activation !== 0 && Math.abs(nowMillis - activation * 1000) <= corporateActionPauseMillis) refuse("a corporate action is near");
}

function viewOf(bytes, length, discriminator) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length !== length) throw new Error(`expected an account of ${length} bytes, got ${bytes.length}`);
  const found = String.fromCharCode(...bytes.subarray(0, 8));
  if (found !== discriminator) throw new Error(`expected discriminator ${discriminator}, got ${JSON.stringify(found)}`);
  if (bytes[8] !== 1) throw new Error(`layout version ${bytes[8]} is not known to this reader`);
  return view;
}

function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
