// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What one unit of a feed's price buys
/// @notice Part of the feed id, so it can never change under a reader. Numbers are never reused.
library FeedUnit {
    /// One share of the listed security, as traded now.
    uint8 internal constant UNDERLYING_SHARE = 1;
    /// One unit of a token balance that stays as it is: share price times multiplier.
    uint8 internal constant RAW_TOKEN = 2;
    /// One unit of a token balance that carries the multiplier itself.
    uint8 internal constant UI_TOKEN = 3;
    /// One share of a wrapper vault.
    uint8 internal constant WRAPPER_SHARE = 4;
    /// No money: what the token's own market pays for it over its price by the share; 1e8 = par.
    uint8 internal constant PREMIUM_RATIO = 5;
    /// One share by what tokens trade at while its market is closed: bounded, indicative, never the official price.
    uint8 internal constant INDICATIVE_SHARE = 6;
    /// No money: shares in custody over the shares that all tokens stand for; 1e8 = covered exactly.
    uint8 internal constant RESERVE_RATIO = 7;
    /// One unit of another currency.
    uint8 internal constant CURRENCY_UNIT = 8;

    /// Bit n = unit n: its records are token records.
    uint256 private constant TOKEN_RECORDS = 1 << RAW_TOKEN | 1 << UI_TOKEN | 1 << WRAPPER_SHARE | 1 << INDICATIVE_SHARE;
    /// Bit n = unit n: somebody may pay that price.
    uint256 private constant PRICES =
        1 << UNDERLYING_SHARE | 1 << RAW_TOKEN | 1 << UI_TOKEN | 1 << WRAPPER_SHARE | 1 << CURRENCY_UNIT;

    function isKnown(uint8 unit) internal pure returns (bool) {
        return unit != 0 && unit <= CURRENCY_UNIT;
    }

    /// @notice Whether a feed of that unit takes token records (share records otherwise).
    function hasTokenRecords(uint8 unit) internal pure returns (bool) {
        return (TOKEN_RECORDS >> unit) & 1 == 1;
    }

    /// @notice Whether money changes hands at it. A ratio is not, and an indication is none that anybody has to honour: getters
    ///         whose readers cannot tell serve neither.
    function isPrice(uint8 unit) internal pure returns (bool) {
        return (PRICES >> unit) & 1 == 1;
    }

    function nameOf(uint8 unit) internal pure returns (string memory) {
        if (unit == UNDERLYING_SHARE) return "UnderlyingShare";
        if (unit == RAW_TOKEN) return "RawToken";
        if (unit == UI_TOKEN) return "UiToken";
        if (unit == WRAPPER_SHARE) return "WrapperShare";
        if (unit == PREMIUM_RATIO) return "PremiumRatio";
        if (unit == INDICATIVE_SHARE) return "IndicativeShare";
        if (unit == RESERVE_RATIO) return "ReserveRatio";
        return unit == CURRENCY_UNIT ? "CurrencyUnit" : "Unknown";
    }
}
