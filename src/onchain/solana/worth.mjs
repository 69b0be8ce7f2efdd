// What an amount of tokens is worth on Solana. README.md shows it, a test runs it.
import { getAddressDecoder } from "@solana/kit";
import { collateralPrice, defaultPolicy, readFeed, requireUsable } from "./reader.mjs";

const CLOCK = "SysvarC1ock11111111111111111111111111111111";

/** In 1e-8 of the quote currency. `amount` is what token accounts hold (never the UI amount), `unit` what one token of it is. */
export async function worth(rpc, { programId, registryAddress, feedAddress, feedId, unit, amount, decimals }) {
  const { value } = await rpc.getMultipleAccounts([feedAddress, registryAddress, CLOCK], { encoding: "base64" }).send();
  const [feedBytes, registryBytes, clock] = value.map((account) => Uint8Array.from(atob(account.data[0]), (c) => c.charCodeAt(0)));
  for (const account of value.slice(0, 2)) if (account.owner !== programId) throw new Error(`owned by ${account.owner}`);
  const feed = readFeed(feedBytes), unixSeconds = Number(new DataView(clock.buffer).getBigInt64(32, true));
  if (feed.id !== feedId || getAddressDecoder().decode(feed.registry) !== registryAddress) throw new Error(`feed ${feed.id} of another registry, or another feed`);
  requireUsable(feed, registryBytes, unixSeconds, defaultPolicy(unit));
  return (amount * collateralPrice(feed)) / 10n ** BigInt(decimals);
}
