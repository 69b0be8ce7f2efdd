// A consumer in TypeScript; compiled, not run, by reader.test.mjs.

import { collateralPrice, debtPrice, defaultPolicy, liquidationPolicy, readFeed, requireUsable, Unusable, type Feed, type Policy } from "../reader.mjs";

const patient: Policy = { ...liquidationPolicy("RawToken"), maxObservationAge: 3_600, halts: ["None", "News"] };

export function borrowLimit(feedBytes: Uint8Array, registryBytes: Uint8Array, clockUnixSeconds: number, amount: bigint): bigint {
  const feed: Feed = readFeed(feedBytes);
  requireUsable(feed, registryBytes, clockUnixSeconds, defaultPolicy("RawToken"));
  const mid: bigint = feed.price; // not null any more
  return (amount * (collateralPrice(feed) < mid ? collateralPrice(feed) : mid)) / 100_000_000n;
}

export function whyNoLiquidation(feedBytes: Uint8Array, registryBytes: Uint8Array, clockUnixSeconds: number): string | null {
  try {
    const feed = readFeed(feedBytes);
    requireUsable(feed, registryBytes, clockUnixSeconds, patient);
    return debtPrice(feed) > 0n ? null : "no price";
  } catch (error) {
    if (error instanceof Unusable) return error.reason;
    throw error;
  }
}

// @ts-expect-error: no such state
export const misspelt: Policy = { ...defaultPolicy("RawToken"), states: ["Alive"] };
// @ts-expect-error: a price may be null before requireUsable has said otherwise
export const unchecked = (feed: Feed): bigint => feed.price;
// @ts-expect-error: no policy without a unit
export const unitless: Policy = defaultPolicy();
// @ts-expect-error: no such unit
export const other: Policy = defaultPolicy("Share");
