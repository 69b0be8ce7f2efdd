// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorInterface, AggregatorV3Interface} from "./AggregatorV3Interface.sol";
import {FeedUnit} from "./FeedUnit.sol";
import {IOracleFeeds} from "./IOracleFeeds.sol";

/// @title One feed at its own address, as lending protocols read it
/// @notice Every price getter reverts while the feed is paused, retired or without a price, so that a consumer that looks at
///         nothing but the answer cannot be served one. A held or closed feed answers its last good price with that price's
///         own time. Round ids and which past rounds are kept: `IOracleFeeds.latestRound` and `setRounds`.
///
///         `description` ends with the unit in parentheses, e.g. `TSLAx / USD (RawToken)`; nobody who registers a feed can write
///         another. A feed whose unit is a ratio or an indication reverts `NotAPrice` in every price getter.
/// @dev Feeds are minimal clones (EIP-1167) of one implementation; after a clone's code are its feed id, 32 bytes, and its unit.
contract FeedProxy is AggregatorV3Interface, AggregatorInterface {
    uint256 private constant CLONE_CODE = 45;
    uint256 private constant UNIT = 77;

    IOracleFeeds public immutable oracle;

    constructor(IOracleFeeds oracle_) {
        oracle = oracle_;
    }

    /// @notice Which feed this is. Meaningless on the implementation itself, which serves none.
    function feedId() public view returns (bytes32 id) {
        assembly ("memory-safe") {
            extcodecopy(address(), 0, CLONE_CODE, 0x20)
            id := mload(0)
        }
    }

    /// @notice What one unit of the price buys, by the numbers of `IOracleFeeds.registerFeed`.
    function unit() public view returns (uint8 code) {
        assembly ("memory-safe") {
            mstore(0, 0)
            extcodecopy(address(), 31, UNIT, 1)
            code := mload(0)
        }
    }

    /// @inheritdoc AggregatorV3Interface
    function decimals() external pure returns (uint8) {
        return 8;
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external view returns (string memory text) {
        (,,,, text,,) = oracle.feedInfo(feedId());
        return string.concat(text, " (", FeedUnit.nameOf(unit()), ")");
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external view returns (uint256) {
        return oracle.version();
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (roundId, answer, updatedAt) = oracle.latestRoundByTag(_tag());
        return (roundId, answer, updatedAt, updatedAt, roundId);
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 roundId_)
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        (answer, updatedAt) = oracle.roundByTag(_tag(), roundId_);
        return (roundId_, answer, updatedAt, updatedAt, roundId_);
    }

    /// @inheritdoc AggregatorInterface
    function latestAnswer() external view returns (int256 answer) {
        (, answer,) = oracle.latestRoundByTag(_tag());
    }

    /// @inheritdoc AggregatorInterface
    function latestTimestamp() external view returns (uint256 updatedAt) {
        (,, updatedAt) = oracle.latestRoundByTag(_tag());
    }

    /// @inheritdoc AggregatorInterface
    function latestRound() external view returns (uint256 roundId) {
        (roundId,,) = oracle.latestRoundByTag(_tag());
    }

    /// @inheritdoc AggregatorInterface
    function getAnswer(uint256 roundId) external view returns (int256 answer) {
        (answer,) = _round(roundId);
    }

    /// @inheritdoc AggregatorInterface
    function getTimestamp(uint256 roundId) external view returns (uint256 updatedAt) {
        (, updatedAt) = _round(roundId);
    }

    function _round(uint256 roundId) private view returns (int256 answer, uint256 updatedAt) {
        if (roundId > type(uint80).max) revert IOracleFeeds.NoDataPresent(feedId(), roundId);
        return oracle.roundByTag(_tag(), uint80(roundId));
    }

    /// @dev Id and unit in one copy, since each read pays for it.
    function _tag() private view returns (uint64) {
        uint256 code;
        bytes32 id;
        assembly ("memory-safe") {
            mstore(0x20, 0)
            extcodecopy(address(), 0, CLONE_CODE, 33)
            id := mload(0)
            code := byte(0, mload(0x20))
        }
        if (!FeedUnit.isPrice(uint8(code))) revert IOracleFeeds.NotAPrice(id, uint8(code));
        return uint64(bytes8(id));
    }
}
