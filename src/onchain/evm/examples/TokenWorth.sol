// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FeedUnit} from "../src/FeedUnit.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {OracleConsumer} from "../src/OracleConsumer.sol";

/// @notice What is asked of a token: one of the two, with the feed of the unit beside it.
interface IStockToken {
    /// xStocks on EVM and Dinari dShares: scaled. Robinhood, Ondo GM, wrappers: raw.
    function balanceOf(address holder) external view returns (uint256);
    /// xStocks on EVM only: raw.
    function sharesOf(address holder) external view returns (uint256);
}

/// @title Example: which balance goes with which feed
/// @notice Each answers in 1e-8 of the quote currency, for tokens of 18 decimals, at the price that collateral counts for. The
///         unit in the policy is the unit of the balance beside it: that is all there is to get right. See `../TOKENS.md`.
contract TokenWorth {
    uint256 private constant ONE_TOKEN = 1e18;

    IOracleFeeds private immutable _feeds;

    constructor(IOracleFeeds feeds) {
        _feeds = feeds;
    }

    /// @notice xStocks on an EVM chain, Dinari dShares: the balance carries the multiplier, so the price must not.
    function ofScaledBalance(bytes32 feedId, IStockToken token, address holder) external view returns (uint256) {
        return token.balanceOf(holder) * _price(feedId, FeedUnit.UI_TOKEN) / ONE_TOKEN;
    }

    /// @notice xStocks on an EVM chain, by the shares that stay as they are.
    function ofShares(bytes32 feedId, IStockToken token, address holder) external view returns (uint256) {
        return token.sharesOf(holder) * _price(feedId, FeedUnit.RAW_TOKEN) / ONE_TOKEN;
    }

    /// @notice Robinhood (ERC-8056), Ondo GM: the balance stays as it is, the price carries the multiplier.
    function ofRawBalance(bytes32 feedId, IStockToken token, address holder) external view returns (uint256) {
        return token.balanceOf(holder) * _price(feedId, FeedUnit.RAW_TOKEN) / ONE_TOKEN;
    }

    /// @notice Dinari wrapped, wrapped xStocks: shares of an ERC-4626 vault.
    function ofWrapper(bytes32 feedId, IStockToken vault, address holder) external view returns (uint256) {
        return vault.balanceOf(holder) * _price(feedId, FeedUnit.WRAPPER_SHARE) / ONE_TOKEN;
    }

    function _price(bytes32 feedId, uint8 unit) private view returns (uint256) {
        OracleConsumer.Policy memory policy = OracleConsumer.defaultPolicy(unit);
        return OracleConsumer.collateralPrice(OracleConsumer.requireUsable(_feeds, feedId, policy));
    }
}
