// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FeedUnit} from "./FeedUnit.sol";
import {IOracleFeeds} from "./IOracleFeeds.sol";
import {IPyth, IPythLegacy, PythStructs} from "./IPyth.sol";

/// @title Every feed of one OracleFeeds, as consumers of Pyth read prices
/// @notice Ids are the feeds' own (not Pyth's), `expo` is -8, `publishTime` is when the market last said so, in seconds, never
///         after the block's time. A held or closed feed answers its last good price with that price's own time; a paused or
///         retired one reverts in every price getter (`IOracleFeeds.FeedIsPaused`, `FeedIsRetired`), so that a consumer that
///         looks at nothing else cannot be served one. A price is > 0 or the call reverts. A feed whose unit is a ratio or an
///         indication does not exist here (`IOracleFeeds.NotAPrice`).
///
///         Updates are the envelopes that `IOracleFeeds.submit` takes. There is no fee, and value sent along is refused.
///
///         Not served, and reverting `NotServed`: `parsePriceFeedUpdates` and its variants, which promise the price inside
///         given bytes at a given time, stored or not, where the store behind this keeps the latest record of each feed
///         only; and everything about TWAPs, which are not signed. `PriceFeedUpdate` is not emitted: most updates are
///         relayed to OracleFeeds directly, whose `BatchStored` sees them all.
/// @dev No owner, no storage, no upgrade.
contract PythFeeds is IPyth, IPythLegacy {
    uint8 private constant STATE_PAUSED = 5;
    uint8 private constant STATE_RETIRED = 6;
    int32 private constant EXPONENT = -8;
    uint256 private constant VALID_TIME_PERIOD = 60;

    IOracleFeeds public immutable feeds;

    /// There is no fee, and nobody to keep what is sent.
    error ValueRefused(uint256 sent, uint256 expected);
    /// The feed carries no moving average.
    error EmaNotPublished(bytes32 id);
    /// This part of Pyth's interface cannot be answered honestly; see the contract's documentation.
    error NotServed(bytes4 selector);

    modifier withoutValue() {
        if (msg.value != 0) revert ValueRefused(msg.value, 0);
        _;
    }

    constructor(IOracleFeeds feeds_) {
        feeds = feeds_;
    }

    // ------------------------------------------------------------------------------------------------ prices

    /// @notice The latest price, however old.
    function getPriceUnsafe(bytes32 id) public view returns (PythStructs.Price memory) {
        return _price(_readable(id));
    }

    /// @notice The latest price; `StalePrice` when the market said it more than `age` seconds ago.
    function getPriceNoOlderThan(bytes32 id, uint256 age) public view returns (PythStructs.Price memory price) {
        price = getPriceUnsafe(id);
        _requireAge(price, age);
    }

    /// @notice The one-hour moving average, with the time and the confidence of the latest price.
    ///         `EmaNotPublished` when the feed has none.
    function getEmaPriceUnsafe(bytes32 id) public view returns (PythStructs.Price memory) {
        return _emaPrice(_readable(id));
    }

    /// @notice The same; `StalePrice` when the market last spoke more than `age` seconds ago.
    function getEmaPriceNoOlderThan(bytes32 id, uint256 age) public view returns (PythStructs.Price memory price) {
        price = getEmaPriceUnsafe(id);
        _requireAge(price, age);
    }

    /// @notice Price and moving average in one read. Reverts when either cannot be had.
    function queryPriceFeed(bytes32 id) external view returns (PythStructs.PriceFeed memory) {
        IOracleFeeds.FeedData memory data = _readable(id);
        return PythStructs.PriceFeed(id, _price(data), _emaPrice(data));
    }

    /// @notice Whether a price was ever stored; true for a paused or retired feed, never for what is no price.
    function priceFeedExists(bytes32 id) external view returns (bool) {
        IOracleFeeds.FeedData memory data = _stored(id);
        return data.sequence != 0 && FeedUnit.isPrice(data.unit);
    }

    /// @notice The age that `getPrice` and `getEmaPrice` allow, in seconds.
    function getValidTimePeriod() external pure returns (uint256) {
        return VALID_TIME_PERIOD;
    }

    /// @notice `getPriceNoOlderThan(id, getValidTimePeriod())`.
    function getPrice(bytes32 id) external view returns (PythStructs.Price memory) {
        return getPriceNoOlderThan(id, VALID_TIME_PERIOD);
    }

    /// @notice `getEmaPriceNoOlderThan(id, getValidTimePeriod())`.
    function getEmaPrice(bytes32 id) external view returns (PythStructs.Price memory) {
        return getEmaPriceNoOlderThan(id, VALID_TIME_PERIOD);
    }

    // ------------------------------------------------------------------------------------------------ updates

    /// @notice Submits each envelope. One that was relayed already, or is attested too long ago or too far in the future, is no
    ///         failure: it is passed over, so that an old envelope does not take a good one down. One that cannot be accepted
    ///         otherwise reverts the whole call.
    function updatePriceFeeds(bytes[] calldata updateData) external payable withoutValue {
        _update(updateData);
    }

    /// @notice The same, but reverts `NoFreshUpdate` when every feed already has the publish time that the caller knows.
    function updatePriceFeedsIfNecessary(
        bytes[] calldata updateData,
        bytes32[] calldata priceIds,
        uint64[] calldata publishTimes
    ) external payable withoutValue {
        if (priceIds.length != publishTimes.length) revert InvalidArgument();
        for (uint256 i = 0; i < priceIds.length; ++i) {
            IOracleFeeds.FeedData memory data = _stored(priceIds[i]);
            if (data.sequence == 0 || _publishTime(data) < publishTimes[i]) {
                _update(updateData);
                return;
            }
        }
        revert NoFreshUpdate();
    }

    /// @notice 0, always.
    function getUpdateFee(bytes[] calldata) external pure returns (uint256) {
        return 0;
    }

    // ------------------------------------------------------------------------------------------------ not served

    /// @notice Not served.
    function getTwapUpdateFee(bytes[] calldata) external pure returns (uint256) {
        revert NotServed(msg.sig);
    }

    /// @notice Not served.
    function parsePriceFeedUpdates(bytes[] calldata, bytes32[] calldata, uint64, uint64)
        external
        payable
        returns (PythStructs.PriceFeed[] memory)
    {
        revert NotServed(msg.sig);
    }

    /// @notice Not served.
    function parsePriceFeedUpdatesWithConfig(bytes[] calldata, bytes32[] calldata, uint64, uint64, bool, bool, bool)
        external
        payable
        returns (PythStructs.PriceFeed[] memory, uint64[] memory)
    {
        revert NotServed(msg.sig);
    }

    /// @notice Not served.
    function parseTwapPriceFeedUpdates(bytes[] calldata, bytes32[] calldata)
        external
        payable
        returns (PythStructs.TwapPriceFeed[] memory)
    {
        revert NotServed(msg.sig);
    }

    /// @notice Not served.
    function parsePriceFeedUpdatesUnique(bytes[] calldata, bytes32[] calldata, uint64, uint64)
        external
        payable
        returns (PythStructs.PriceFeed[] memory)
    {
        revert NotServed(msg.sig);
    }

    // ------------------------------------------------------------------------------------------------ reading

    /// @dev All 0 but the id when there is no such feed.
    function _stored(bytes32 id) private view returns (IOracleFeeds.FeedData memory data) {
        try feeds.read(id) returns (IOracleFeeds.FeedData memory found) {
            return found;
        } catch (bytes memory reason) {
            if (bytes4(reason) != IOracleFeeds.UnknownFeed.selector) _bubble(reason);
        }
    }

    function _readable(bytes32 id) private view returns (IOracleFeeds.FeedData memory data) {
        data = _stored(id);
        if (data.proxy != address(0) && !FeedUnit.isPrice(data.unit)) revert IOracleFeeds.NotAPrice(id, data.unit);
        if (data.paused || data.state == STATE_PAUSED) revert IOracleFeeds.FeedIsPaused(id);
        if (data.state == STATE_RETIRED) revert IOracleFeeds.FeedIsRetired(id);
        if (data.sequence == 0 || data.price <= 0) revert PriceFeedNotFound();
    }

    function _price(IOracleFeeds.FeedData memory data) private view returns (PythStructs.Price memory) {
        return PythStructs.Price(data.price, data.confidence, EXPONENT, _publishTime(data));
    }

    function _emaPrice(IOracleFeeds.FeedData memory data) private view returns (PythStructs.Price memory) {
        if (data.ema <= 0) revert EmaNotPublished(data.feedId);
        return PythStructs.Price(data.ema, data.confidence, EXPONENT, _publishTime(data));
    }

    function _publishTime(IOracleFeeds.FeedData memory data) private view returns (uint256 time) {
        time = data.observedAtMillis / 1000;
        if (time > block.timestamp) time = block.timestamp;
    }

    function _requireAge(PythStructs.Price memory price, uint256 age) private view {
        // The publish time is never after the block's.
        if (block.timestamp - price.publishTime > age) revert StalePrice();
    }

    // ------------------------------------------------------------------------------------------------ updating

    function _update(bytes[] calldata updateData) private {
        for (uint256 i = 0; i < updateData.length; ++i) {
            // Nothing to do when it is accepted, be it stored or known already.
            // solhint-disable-next-line no-empty-blocks
            try feeds.trySubmit(updateData[i]) returns (uint256) {}
            catch (bytes memory reason) {
                // Of its signatures nothing was asked yet, and nothing of it is stored.
                bytes4 selector = bytes4(reason);
                if (selector == IOracleFeeds.AttestedTooOld.selector || selector == IOracleFeeds.AttestedInFuture.selector) continue;
                _translate(reason);
            }
        }
    }

    /// @dev Pyth has fewer errors than OracleFeeds; the trace shows which it was.
    function _translate(bytes memory reason) private pure {
        bytes4 selector = bytes4(reason);
        if (
            selector == IOracleFeeds.WrongVersion.selector || selector == IOracleFeeds.BadLength.selector
                || selector == IOracleFeeds.BadRun.selector || selector == IOracleFeeds.BadRecordType.selector
        ) revert InvalidUpdateData();
        if (
            selector == IOracleFeeds.WrongDeployment.selector || selector == IOracleFeeds.WrongEpoch.selector
                || selector == IOracleFeeds.QuorumNotMet.selector || selector == IOracleFeeds.SignersNotAscending.selector
                || selector == IOracleFeeds.UnknownSigner.selector || selector == IOracleFeeds.BadSignature.selector
        ) revert InvalidUpdateDataSource();
        _bubble(reason);
    }

    function _bubble(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }
}
