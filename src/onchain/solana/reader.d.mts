// The types of reader.mjs.

export type Session = "Unknown" | "PreMarket" | "Regular" | "PostMarket" | "Overnight" | "Closed";
export type ClosedReason = "None" | "Weekend" | "Holiday" | "EarlyClose" | "Unscheduled" | "SessionGap";
export type HaltReason = "None" | "VolatilityPause" | "MarketWide1" | "MarketWide2" | "MarketWide3" | "News" | "Regulatory" | "Venue" | "Operator" | "Other";
export type State = "Unknown" | "Live" | "Degraded" | "Reopening" | "Held" | "Paused" | "Retired" | "Closed";
export type HoldReason =
  | "BelowQuorum" | "Disagreement" | "Jump" | "Spread" | "Confidence" | "Stale" | "Clock" | "CalendarConflict" | "CorporateAction" | "Depeg" | "Reserve" | "Bounds"
  | "Operator" | "IssuerPause" | "Identity" | "Configuration";
export type Unit =
  | "Unknown" | "UnderlyingShare" | "RawToken" | "UiToken" | "WrapperShare" | "PremiumRatio" | "IndicativeShare" | "ReserveRatio" | "CurrencyUnit";
/** What a policy may ask for. */
export type KnownUnit = Exclude<Unit, "Unknown">;

/** Each name at its number. */
export const sessions: readonly Session[];
export const closedReasons: readonly ClosedReason[];
export const haltReasons: readonly HaltReason[];
export const states: readonly State[];
export const holdReasons: readonly HoldReason[];
export const units: readonly Unit[];

/** What is accepted. Times in seconds. */
export interface Policy extends StepPause {
  /** The only unit that is accepted: what one unit of the amount is that the price is multiplied with. */
  readonly unit: KnownUnit;
  /** Unknown, Paused and Retired are refused whatever is set here. */
  readonly states: readonly State[];
  readonly sessions: readonly Session[];
  /** Accepted halt reasons; "None" is not halted. */
  readonly halts: readonly HaltReason[];
  /** How far the attestation may lie after the cluster's clock. */
  readonly maxFuture: number;
  /** How old the market's own word may be. How old the attestation may be is in the record itself (`maxAgeSeconds`). */
  readonly maxObservationAge: number;
  /** confidence / price at most, in bps. */
  readonly maxConfidenceBps: number;
}

/** The pause around a step of the multiplier. Times in seconds. */
export interface StepPause {
  /** A staged multiplier that differs by at least this, in bps, closes the feed around its activation; 0 = any. */
  readonly minStepBps: number;
  readonly pauseBefore: number;
  /** A record that still has the multiplier before the step is refused after that, too. */
  readonly pauseAfter: number;
}

/** Multipliers are scaled by 1e18; nextMultiplier is 0 when nothing is staged. */
export interface TokenTerms {
  readonly multiplier: bigint;
  readonly nextMultiplier: bigint;
  /** When the staged multiplier applies; with none staged since when `multiplier` applies (0 = not said), or the time of an indication's anchor. */
  readonly activationSeconds: number;
  /** 1e-8; of an indication the anchor price. */
  readonly underlyingPrice: bigint;
}

/** Prices and confidence in 1e-8 of the quote currency; what is absent is null. */
export interface FeedRecord {
  /** The feed id's first 8 bytes, hex. */
  readonly feedTag: string;
  readonly price: bigint;
  readonly confidence: bigint;
  readonly bid: bigint | null;
  readonly ask: bigint | null;
  readonly ema: bigint | null;
  readonly session: Session;
  readonly closedReason: ClosedReason;
  readonly haltReason: HaltReason;
  readonly state: State;
  readonly holdReasons: readonly HoldReason[];
  readonly sourcesUsed: number;
  readonly sourcesRejected: number;
  readonly upstreams: number;
  readonly observedAtMillis: number;
  /** Until when the session claim holds; 0 = not said. */
  readonly nextChangeAtSeconds: number;
  /** How old the attestation may be. */
  readonly maxAgeSeconds: number;
  readonly token: TokenTerms | null;
}

export interface Feed {
  readonly paused: boolean;
  readonly unit: Unit;
  readonly decimals: number;
  /** 32 bytes, hex. */
  readonly id: string;
  /** The registry account's address, 32 bytes. */
  readonly registry: Uint8Array;
  readonly minPrice: bigint;
  readonly maxPrice: bigint;
  readonly sequence: bigint;
  readonly attestedAtMillis: number;
  /** The sequence with which the stored observation first came. */
  readonly round: bigint;
  readonly slot: bigint;
  /** null before the first record was stored. */
  readonly record: FeedRecord | null;
  readonly price: bigint | null;
}

/** For what adds risk, of a feed of that unit. */
export function defaultPolicy(unit: KnownUnit): Policy;
/** For seizing collateral. */
export function liquidationPolicy(unit: KnownUnit): Policy;
/** False for ratios and indications. */
export function isPrice(unit: Unit): boolean;

/** Decodes a feed account. Throws when the bytes are not one. */
export function readFeed(bytes: Uint8Array): Feed;
/** Decodes the signed bytes of one record. */
export function readRecord(bytes: Uint8Array): FeedRecord;
/** Throws when the bytes are not a registry account. */
export function isRegistryPaused(bytes: Uint8Array): boolean;
/** Throws an Unusable unless the policy accepts the feed at that time, which is the Clock sysvar's. */
export function requireUsable(feed: Feed, registryBytes: Uint8Array, unixSeconds: number, policy: Policy): asserts feed is Feed & { record: FeedRecord; price: bigint };
/** Why the feed may not be used around a step of its multiplier, or null. `requireUsable` asks it with the policy's values. */
export function stepNear(feed: Feed, unixSeconds: number, pause: StepPause): string | null;
/** price - confidence, above 0. Throws a NotAPrice for ratios and indications. */
export function collateralPrice(feed: Feed): bigint;
/** price + confidence. Throws a NotAPrice for ratios and indications. */
export function debtPrice(feed: Feed): bigint;

export class Unusable extends Error {
  constructor(feedId: string, reason: string);
  readonly feedId: string;
  readonly reason: string;
}

export class OtherUnit extends Unusable {
  constructor(feedId: string, unit: Unit, expected: KnownUnit);
  readonly unit: Unit;
  readonly expected: KnownUnit;
}

export class NotAPrice extends Unusable {
  constructor(feedId: string, unit: Unit);
  readonly unit: Unit;
}
