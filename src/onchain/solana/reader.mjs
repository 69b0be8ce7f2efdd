// How a consumer reads a feed on Solana: two accounts in, a price or the reason why there is none out. No dependency; copy it,
// with its types (reader.d.mts).
//
//   import { collateralPrice, debtPrice, defaultPolicy, readFeed, requireUsable } from "./reader.mjs";
//
//   const feed = readFeed(feedAccountBytes);
//   requireUsable(feed, registryAccountBytes, clockUnixSeconds, defaultPolicy("RawToken")); // before anything that adds risk
//   const worth = amount * collateralPrice(feed);                                           // bigint, 1e-8 of the quote currency
//
// A policy is made for a unit: what one unit of `amount` is. The multiplier is in a RawToken price already, and is in the balances that
// a UiToken price is for; a feed of another unit is refused (OtherUnit), which is what keeps anybody from multiplying twice.
//
// Two questions, two policies: `defaultPolicy` for whatever adds risk (borrow, withdraw against debt, mint), `liquidationPolicy` for
// seizing collateral. What only lowers risk (repay, deposit) must not ask for a price at all. They are those of the EVM library.
//
// The caller checks that both accounts are owned by the program, that `feed.id` is the one it was configured with, and that
// `feed.registry` is the registry's address; the time is the Clock sysvar's, never one from the feed.

export const sessions = ["Unknown", "PreMarket", "Regular", "PostMarket", "Overnight", "Closed"];
export const closedReasons = ["None", "Weekend", "Holiday", "EarlyClose", "Unscheduled", "SessionGap"];
export const haltReasons = ["None", "VolatilityPause", "MarketWide1", "MarketWide2", "MarketWide3", "News", "Regulatory", "Venue", "Operator", "Other"];
export const states = ["Unknown", "Live", "Degraded", "Reopening", "Held", "Paused", "Retired", "Closed"];
export const holdReasons = [
  "BelowQuorum", "Disagreement", "Jump", "Spread", "Confidence", "Stale", "Clock", "CalendarConflict", "CorporateAction", "Depeg", "Reserve", "Bounds",
  "Operator", "IssuerPause", "Identity", "Configuration",
];
export const units = ["Unknown", "UnderlyingShare", "RawToken", "UiToken", "WrapperShare", "PremiumRatio", "IndicativeShare", "ReserveRatio", "CurrencyUnit"];

/** Whether money changes hands at it: a ratio is no price, and an indication none that anybody has to honour. */
export const isPrice = (unit) => ["UnderlyingShare", "RawToken", "UiToken", "WrapperShare", "CurrencyUnit"].includes(unit);

const borrowing = Object.freeze({
  states: ["Live", "Degraded"],
  sessions: ["Regular"],
  halts: ["None"],
  maxFuture: 60,
  maxObservationAge: 300,
  maxConfidenceBps: 100,
  minStepBps: 100,
  pauseBefore: 86_400,
  pauseAfter: 86_400,
});

/** For what adds risk: Live or Degraded, in the regular session, not halted, observed at most 5 minutes ago. */
export const defaultPolicy = (unit) => Object.freeze({ unit: known(unit), ...borrowing });

/** For seizing collateral: every session with more than one source, never on a held, reopening or closed price. */
export const liquidationPolicy = (unit) =>
  Object.freeze({
    ...defaultPolicy(unit),
    sessions: ["PreMarket", "Regular", "PostMarket"],
    maxObservationAge: 900,
    maxConfidenceBps: 200,
    pauseBefore: 3_600,
    pauseAfter: 3_600,
  });

/** Refused whatever a policy says: the legacy getters of the EVM contract revert for them, too. */
const neverUsable = ["Unknown", "Paused", "Retired"];

const FEED_LENGTH = 240, REGISTRY_LENGTH = 1_792, VERSION = 2, RECORD_AT = 128;
const recordLengths = [0, 65, 110]; // by record type
const absent = -(2n ** 47n);

/** Decodes a feed account. Throws when the bytes are not one. Before the first record was stored, `record` and `price` are null. */
export function readFeed(bytes) {
  const view = viewOf(bytes, FEED_LENGTH, "ONFed");
  const length = recordLengths[bytes[7]];
  if (length === undefined) throw new Error(`not a feed account: record type ${bytes[7]}`);
  const record = length === 0 ? null : readRecord(bytes.subarray(RECORD_AT, RECORD_AT + length));
  const sequence = view.getBigUint64(96, true);
  return {
    paused: (bytes[6] & 1) !== 0,
    unit: units[bytes[8]] ?? refuseAccount(`unit ${bytes[8]}`),
    decimals: bytes[9],
    id: hex(bytes.subarray(16, 48)),
    registry: bytes.slice(48, 80),
    minPrice: view.getBigInt64(80, true),
    maxPrice: view.getBigInt64(88, true),
    sequence,
    attestedAtMillis: Number(sequence >> 4n),
    round: view.getBigUint64(104, true),
    slot: view.getBigUint64(112, true),
    record,
    price: record === null ? null : record.price,
  };
}

/** Decodes the signed bytes of one record (big-endian; see OracleNode.Core/Updates/README.md). */
export function readRecord(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length === 0 || recordLengths[bytes[0]] !== bytes.length) throw new Error(`not a record: type ${bytes[0]} in ${bytes.length} bytes`);
  const unsigned = (at, length) => BigInt("0x" + hex(bytes.subarray(at, at + length)));
  const named = (names, number, what) => names[number] ?? refuseAccount(`${what} ${number}`);
  const price = view.getBigInt64(9);
  const relative = (at) => {
    const offset = BigInt.asIntN(48, unsigned(at, 6));
    return offset === absent ? null : price + offset;
  };
  return {
    feedTag: hex(bytes.subarray(1, 9)),
    price,
    confidence: unsigned(17, 6),
    bid: relative(23),
    ask: relative(29),
    ema: relative(35),
    session: named(sessions, bytes[41] >> 4, "session"),
    closedReason: named(closedReasons, bytes[41] & 15, "closed reason"),
    haltReason: named(haltReasons, bytes[42] >> 4, "halt reason"),
    state: named(states, bytes[42] & 15, "state"),
    holdReasons: holdReasons.filter((_, bit) => (view.getUint32(43) >>> bit) & 1),
    sourcesUsed: bytes[47],
    sourcesRejected: bytes[48],
    upstreams: bytes[49],
    observedAtMillis: Number(unsigned(50, 6)),
    nextChangeAtSeconds: Number(unsigned(56, 5)),
    maxAgeSeconds: view.getUint32(61),
    token:
      bytes[0] === 2
        ? { multiplier: unsigned(65, 16), nextMultiplier: unsigned(81, 16), activationSeconds: Number(unsigned(97, 5)), underlyingPrice: view.getBigInt64(102) }
        : null,
  };
}

/** Whether all feeds of the registry are paused. Throws when the bytes are not a registry account. */
export function isRegistryPaused(bytes) {
  viewOf(bytes, REGISTRY_LENGTH, "ONReg");
  return (bytes[6] & 1) !== 0;
}

/** Throws an Unusable, with the reason, unless the policy accepts the feed at that time (Unix seconds, from the Clock sysvar). */
export function requireUsable(feed, registryBytes, unixSeconds, policy) {
  const refuse = (reason) => {
    throw new Unusable(feed.id, reason);
  };
  for (const name of ["unit", ...Object.keys(borrowing)]) if (policy[name] === undefined) throw new TypeError(`the policy names no ${name}`);
  if (!Number.isFinite(unixSeconds)) throw new TypeError("unixSeconds is not a number");
  if (feed.unit !== known(policy.unit)) throw new OtherUnit(feed.id, feed.unit, policy.unit);
  const record = feed.record ?? refuse("nothing stored yet");
  if (isRegistryPaused(registryBytes)) refuse("all feeds are paused");
  if (feed.paused) refuse("paused");

  if (neverUsable.includes(record.state) || !policy.states.includes(record.state))
    refuse(`state ${record.state}${record.holdReasons.length ? ` (${record.holdReasons.join(", ")})` : ""}`);
  if (!policy.halts.includes(record.haltReason)) refuse(`halted: ${record.haltReason}`);
  if (!policy.sessions.includes(record.session)) refuse(`session ${record.session}`);
  const { nextChangeAtSeconds: nextChange } = record;
  if (nextChange !== 0 && unixSeconds >= nextChange) refuse(`its session claim expired ${unixSeconds - nextChange} s ago`);

  const now = unixSeconds * 1000;
  if (feed.attestedAtMillis > now + policy.maxFuture * 1000) refuse(`attested ${feed.attestedAtMillis - now} ms in the future, allowed ${policy.maxFuture} s`);
  if (feed.attestedAtMillis < now - record.maxAgeSeconds * 1000) refuse(`attested ${now - feed.attestedAtMillis} ms ago, allowed ${record.maxAgeSeconds} s`);
  if (record.observedAtMillis < now - policy.maxObservationAge * 1000) refuse(`observed ${now - record.observedAtMillis} ms ago, allowed ${policy.maxObservationAge} s`);

  if (record.price <= 0n) refuse(`price ${record.price}`);
  if (record.confidence > (record.price * BigInt(policy.maxConfidenceBps)) / 10_000n) refuse(`confidence ${record.confidence} above ${policy.maxConfidenceBps} bps of ${record.price}`);

  const step = stepNear(feed, unixSeconds, policy);
  if (step !== null) refuse(step);
}

/**
 * Why the feed may not be used around a step of its multiplier (a split, a large dividend), or null: from `pauseBefore` seconds before the
 * activation of a staged step of at least `minStepBps` to `pauseAfter` seconds after it, and after that until a record has the new
 * multiplier. A record that stages none may say since when its multiplier applies: then for `pauseAfter` seconds from there, whatever its size.
 * `requireUsable` asks it with the policy's own values.
 */
export function stepNear(feed, unixSeconds, { minStepBps, pauseBefore, pauseAfter }) {
  const token = feed.record?.token ?? null;
  // An indication's activation is when its anchor price was made.
  if (token === null || token.activationSeconds === 0 || feed.unit === "IndicativeShare") return null;
  const { multiplier, nextMultiplier, activationSeconds: activation } = token;
  const step = nextMultiplier > multiplier ? nextMultiplier - multiplier : multiplier - nextMultiplier;
  const staged = nextMultiplier !== 0n;
  if (staged && step * 10_000n < multiplier * BigInt(minStepBps)) return null;
  if (unixSeconds < activation - pauseBefore) return null;
  if (unixSeconds <= activation + pauseAfter) return staged ? `its multiplier changes from ${multiplier} to ${nextMultiplier} at ${activation}` : `its multiplier ${multiplier} applies since ${activation}`;
  return staged ? `its multiplier is still ${multiplier}, and ${nextMultiplier} since ${activation}` : null;
}

/** Lower end of the price's confidence interval, 1e-8, above 0: what collateral counts for. */
export function collateralPrice(feed) {
  const { price, confidence } = stored(feed);
  if (price <= confidence) throw new Unusable(feed.id, `confidence ${confidence} is no less than the price ${price}`);
  return price - confidence;
}

/** Upper end of the price's confidence interval, 1e-8: what a debt counts for. */
export function debtPrice(feed) {
  const { price, confidence } = stored(feed);
  return price + confidence;
}

/** Why a feed may not be used; `reason` without the feed's id. An OtherUnit and a NotAPrice are Unusable, too. */
export class Unusable extends Error {
  constructor(feedId, reason) {
    super(`feed ${feedId} is not usable: ${reason}`);
    this.name = "Unusable";
    this.feedId = feedId;
    this.reason = reason;
  }
}

/** One unit of this feed's price does not buy what the caller multiplies it with. */
export class OtherUnit extends Unusable {
  constructor(feedId, unit, expected) {
    super(feedId, `it is the price of a ${unit}, not of a ${expected}`);
    this.name = "OtherUnit";
    this.unit = unit;
    this.expected = expected;
  }
}

/** A ratio or an indication was asked for what it is worth. Who wants the number itself takes `feed.price`. */
export class NotAPrice extends Unusable {
  constructor(feedId, unit) {
    super(feedId, `a ${unit} is not a price`);
    this.name = "NotAPrice";
    this.unit = unit;
  }
}

function known(unit) {
  if (unit === "Unknown" || !units.includes(unit)) throw new TypeError(`the unit ${unit} is none of ${units.slice(1).join(", ")}`);
  return unit;
}

function stored(feed) {
  if (!isPrice(feed.unit)) throw new NotAPrice(feed.id, feed.unit);
  if (feed.record === null) throw new Unusable(feed.id, "nothing stored yet");
  if (feed.record.price <= 0n) throw new Unusable(feed.id, `price ${feed.record.price}`);
  return feed.record;
}

function viewOf(bytes, length, letters) {
  if (bytes.length !== length) throw new Error(`expected an account of ${length} bytes, got ${bytes.length}`);
  const found = String.fromCharCode(...bytes.subarray(0, 5));
  if (found !== letters) throw new Error(`expected an account that begins with ${letters}, got ${JSON.stringify(found)}`);
  if (bytes[5] !== VERSION) throw new Error(`layout version ${bytes[5]} is not known to this reader, which knows ${VERSION}`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function refuseAccount(what) {
  throw new Error(`not a feed account: ${what}`);
}

function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
