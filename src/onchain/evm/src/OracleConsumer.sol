// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "./AggregatorV3Interface.sol";
import {FeedUnit} from "./FeedUnit.sol";
import {IOracleFeeds} from "./IOracleFeeds.sol";

/// @title Deciding whether a price may be used, now, for this
/// @notice What a protocol imports. Two questions, two policies: `defaultPolicy` for whatever adds risk (borrow, withdraw
///         against debt, mint) and `liquidationPolicy` for seizing collateral. What only lowers risk (repay, deposit) must
///         not ask for a price at all.
///
///         Both want to be told what one unit of the price is taken to buy, since that is what goes wrong most: the
///         multiplier is in a RawToken price already, and is in the balances that a UiToken price is for. A feed of another unit is
///         refused, `UnitNotExpected`.
///
///             OracleConsumer.Policy memory policy = OracleConsumer.defaultPolicy(FeedUnit.RAW_TOKEN);
///             IOracleFeeds.FeedData memory data = OracleConsumer.requireUsable(feeds, feedId, policy);
///             uint256 worth = amount * OracleConsumer.collateralPrice(data);
/// @dev Internal functions only: nothing to deploy or link. Every refusal has its own error with both sides of what was
///      compared. Times in the record are milliseconds, limits are seconds, the block's time is seconds.
library OracleConsumer {
    /// @notice What is accepted. All zero accepts nothing.
    struct Policy {
        /// The only unit that is accepted, a `FeedUnit`; 0 accepts none.
        uint8 unit;
        /// Bit n = feed state n. Unknown, Paused and Retired are refused whatever is set here.
        uint16 states;
        /// Bit n = market session n.
        uint16 sessions;
        /// Bit n = halt reason n; bit 0 = not halted.
        uint16 halts;
        /// How far the attestation may lie after the block's time, seconds.
        uint32 maxFuture;
        /// How old the market's own word may be, seconds. How old the attestation may be is in the record itself (`maxAge`).
        uint32 maxObservationAge;
        /// confidence / price at most, in bps.
        uint16 maxConfidenceBps;
        /// A staged multiplier that differs by at least this, in bps, closes the feed around its activation; 0 = any.
        uint16 minStepBps;
        /// How long before the activation, seconds.
        uint32 pauseBefore;
        /// How long after it, seconds. A record that still has the multiplier before the step is refused after that, too.
        uint32 pauseAfter;
        /// Chainlink's uptime feed of this L2's sequencer; 0 = not looked at.
        address sequencerUptime;
        /// How long after the sequencer came back nothing is used, seconds.
        uint32 sequencerGrace;
    }

    // Bits of `Policy.states`.
    uint16 internal constant LIVE = 1 << 1;
    uint16 internal constant DEGRADED = 1 << 2;
    uint16 internal constant REOPENING = 1 << 3;
    uint16 internal constant HELD = 1 << 4;
    uint16 internal constant STATE_CLOSED = 1 << 7;

    // Bits of `Policy.sessions`.
    uint16 internal constant PRE_MARKET = 1 << 1;
    uint16 internal constant REGULAR = 1 << 2;
    uint16 internal constant POST_MARKET = 1 << 3;
    uint16 internal constant OVERNIGHT = 1 << 4;
    uint16 internal constant SESSION_CLOSED = 1 << 5;

    // Bits of `Policy.halts`.
    uint16 internal constant NOT_HALTED = 1 << 0;

    /// Never Unknown, Paused or Retired: the legacy getters revert for them, and so does this.
    uint16 private constant EVER_USABLE = LIVE | DEGRADED | REOPENING | HELD | STATE_CLOSED;
    uint256 private constant BPS = 10_000;

    /// One unit of this feed's price does not buy what the caller multiplies it with.
    error UnitNotExpected(bytes32 feedId, uint8 unit, uint8 expected);
    error StateNotAccepted(bytes32 feedId, uint8 state, uint16 acceptedStates, uint32 holdReasons);
    error SessionNotAccepted(bytes32 feedId, uint8 session, uint16 acceptedSessions);
    error FeedIsHalted(bytes32 feedId, uint8 haltReason, uint16 acceptedHalts);
    /// The claim about the session expired at `nextChangeAt`, and no record after it has arrived.
    error SessionClaimExpired(bytes32 feedId, uint256 nextChangeAt, uint256 blockTime);
    error AttestedAhead(bytes32 feedId, uint256 attestedAtMillis, uint256 latestMillis);
    error AttestationTooOld(bytes32 feedId, uint256 attestedAtMillis, uint256 oldestMillis);
    error ObservationTooOld(bytes32 feedId, uint256 observedAtMillis, uint256 oldestMillis);
    error ConfidenceTooWide(bytes32 feedId, uint256 confidence, uint256 widest);
    /// The block's time lies between `from` and `to`, both inclusive: around the activation of a staged multiplier.
    error CorporateActionNear(bytes32 feedId, uint256 blockTime, uint256 from, uint256 to);
    /// The staged multiplier applies since `activation`, and the record still has the one before it.
    error MultiplierOutOfDate(bytes32 feedId, uint256 multiplier, uint256 nextMultiplier, uint256 activation);
    error PriceNotPositive(bytes32 feedId, int256 price, uint256 confidence);
    error SequencerIsDown(address uptimeFeed, uint256 since);
    /// The uptime feed has never been told anything (its `startedAt` is 0), or says something from the future.
    error SequencerUnknown(address uptimeFeed, uint256 startedAt, uint256 blockTime);
    error SequencerJustBack(address uptimeFeed, uint256 blockTime, uint256 usableAfter);

    // ------------------------------------------------------------------------------------------------ policies

    /// @notice For what adds risk.
    ///         - Live or Degraded, in the regular session, not halted: the price is one at which the market trades now.
    ///         - Observed at most 5 minutes ago, confidence at most 1 %.
    ///         - Closed from a day before a staged multiplier step of 1 % or more until the record has the new multiplier (until a
    ///           day after, where the record says since when it has it): a split is worth waiting for, a reinvested dividend is not.
    ///         - No sequencer feed: there is one address per chain; see `withSequencer`.
    /// @param unit What the price is taken for, a `FeedUnit`: what one unit of the amount is that it is multiplied with.
    function defaultPolicy(uint8 unit) internal pure returns (Policy memory policy) {
        policy.unit = unit;
        policy.states = LIVE | DEGRADED;
        policy.sessions = REGULAR;
        policy.halts = NOT_HALTED;
        policy.maxFuture = 60;
        policy.maxObservationAge = 5 minutes;
        policy.maxConfidenceBps = 100;
        policy.minStepBps = 100;
        policy.pauseBefore = 1 days;
        policy.pauseAfter = 1 days;
    }

    /// @notice For seizing collateral.
    ///         - Live or Degraded in every session with more than one source: pre-market, regular, post-market. Overnight has
    ///           one venue, which has cancelled an hour of its own trades before.
    ///         - Not on Held, Reopening or Closed, and not in a halt. Whoever liquidates at a price the market has left
    ///           does so only when the collateral is worth more than it says: such liquidations take from borrowers
    ///           and save lenders nothing. What a gap costs is to be covered by the distance between the two loan-to-value limits.
    ///         - Observed at most 15 minutes ago, confidence at most 2 %: extended hours are thinner.
    ///         - Closed around a staged step of 1 % or more in the same way, for an hour instead of a day.
    /// @param unit As for `defaultPolicy`.
    function liquidationPolicy(uint8 unit) internal pure returns (Policy memory policy) {
        policy.unit = unit;
        policy.states = LIVE | DEGRADED;
        policy.sessions = PRE_MARKET | REGULAR | POST_MARKET;
        policy.halts = NOT_HALTED;
        policy.maxFuture = 60;
        policy.maxObservationAge = 15 minutes;
        policy.maxConfidenceBps = 200;
        policy.minStepBps = 100;
        policy.pauseBefore = 1 hours;
        policy.pauseAfter = 1 hours;
    }

    /// @notice The same policy on an L2 whose sequencer has an uptime feed.
    /// @param uptimeFeed Chainlink's; 0 leaves it out.
    /// @param grace Seconds in which borrowers can act after an outage before anything is used again.
    function withSequencer(Policy memory policy, address uptimeFeed, uint32 grace) internal pure returns (Policy memory) {
        policy.sequencerUptime = uptimeFeed;
        policy.sequencerGrace = grace;
        return policy;
    }

    /// @notice The same policy with another pause around a staged step of the multiplier.
    /// @param before Seconds before its activation.
    /// @param afterwards Seconds after it.
    /// @param minStepBps Steps below this, in bps of the multiplier before, close nothing; 0 = every step closes.
    function withStepPause(Policy memory policy, uint32 before, uint32 afterwards, uint16 minStepBps)
        internal
        pure
        returns (Policy memory)
    {
        (policy.pauseBefore, policy.pauseAfter, policy.minStepBps) = (before, afterwards, minStepBps);
        return policy;
    }

    // ------------------------------------------------------------------------------------------------ deciding

    /// @notice The record, when the policy accepts it; else reverts with what was wrong.
    /// @dev Also reverts `UnknownFeed`, `NoDataPresent` and `FeedIsPaused` of `IOracleFeeds`.
    function requireUsable(IOracleFeeds feeds, bytes32 feedId, Policy memory policy)
        internal
        view
        returns (IOracleFeeds.FeedData memory data)
    {
        requireSequencer(policy);
        data = feeds.read(feedId);
        if (data.unit != policy.unit) revert UnitNotExpected(feedId, data.unit, policy.unit);
        if (data.sequence == 0) revert IOracleFeeds.NoDataPresent(feedId, 0);
        if (data.paused) revert IOracleFeeds.FeedIsPaused(feedId);
        _requireMarket(feedId, data, policy);
        _requireTimes(feedId, data, policy);
        _requirePrice(feedId, data, policy);
        // An indication's activation is when its anchor price was made.
        if (data.activation != 0 && data.unit != FeedUnit.INDICATIVE_SHARE) _requireNoActionNear(feedId, data, policy);
    }

    /// @notice Lower end of the price's confidence interval, 1e-8, > 0: what collateral counts for. This one, `debtPrice` and
    ///         `midPrice` revert `NotAPrice` for ratios and indications; who wants those takes `data.price`.
    function collateralPrice(IOracleFeeds.FeedData memory data) internal pure returns (uint256) {
        _requireIsPrice(data);
        if (data.price <= 0 || uint256(uint64(data.price)) <= data.confidence) {
            revert PriceNotPositive(data.feedId, data.price, data.confidence);
        }
        return uint256(uint64(data.price)) - data.confidence;
    }

    /// @notice Upper end of the price's confidence interval, 1e-8, > 0: what a debt counts for.
    function debtPrice(IOracleFeeds.FeedData memory data) internal pure returns (uint256) {
        return midPrice(data) + data.confidence;
    }

    /// @notice The price itself, 1e-8, > 0.
    function midPrice(IOracleFeeds.FeedData memory data) internal pure returns (uint256) {
        _requireIsPrice(data);
        if (data.price <= 0) revert PriceNotPositive(data.feedId, data.price, data.confidence);
        return uint256(uint64(data.price));
    }

    /// @notice Reverts while the policy's sequencer is down, has just come back, or is not known to be up.
    function requireSequencer(Policy memory policy) internal view {
        address uptime = policy.sequencerUptime;
        if (uptime == address(0)) return;
        (, int256 down, uint256 startedAt,,) = AggregatorV3Interface(uptime).latestRoundData();
        if (startedAt == 0 || startedAt > block.timestamp) revert SequencerUnknown(uptime, startedAt, block.timestamp);
        if (down != 0) revert SequencerIsDown(uptime, startedAt);
        uint256 usableAfter = startedAt + policy.sequencerGrace;
        if (block.timestamp <= usableAfter) revert SequencerJustBack(uptime, block.timestamp, usableAfter);
    }

    function _requireIsPrice(IOracleFeeds.FeedData memory data) private pure {
        if (!FeedUnit.isPrice(data.unit)) revert IOracleFeeds.NotAPrice(data.feedId, data.unit);
    }

    function _requireMarket(bytes32 feedId, IOracleFeeds.FeedData memory data, Policy memory policy) private view {
        if (!_has(policy.states & EVER_USABLE, data.state)) {
            revert StateNotAccepted(feedId, data.state, policy.states & EVER_USABLE, data.holdReasons);
        }
        if (!_has(policy.halts, data.haltReason)) revert FeedIsHalted(feedId, data.haltReason, policy.halts);
        if (!_has(policy.sessions, data.session)) revert SessionNotAccepted(feedId, data.session, policy.sessions);
        if (data.nextChangeAt != 0 && block.timestamp >= data.nextChangeAt) {
            revert SessionClaimExpired(feedId, data.nextChangeAt, block.timestamp);
        }
    }

    function _requireTimes(bytes32 feedId, IOracleFeeds.FeedData memory data, Policy memory policy) private view {
        uint256 latest = (block.timestamp + policy.maxFuture) * 1000;
        if (data.attestedAtMillis > latest) revert AttestedAhead(feedId, data.attestedAtMillis, latest);
        uint256 oldest = _before(data.maxAge);
        if (data.attestedAtMillis < oldest) revert AttestationTooOld(feedId, data.attestedAtMillis, oldest);
        oldest = _before(policy.maxObservationAge);
        if (data.observedAtMillis < oldest) revert ObservationTooOld(feedId, data.observedAtMillis, oldest);
    }

    function _requirePrice(bytes32 feedId, IOracleFeeds.FeedData memory data, Policy memory policy) private pure {
        if (data.price <= 0) revert PriceNotPositive(feedId, data.price, data.confidence);
        uint256 widest = uint256(uint64(data.price)) * policy.maxConfidenceBps / BPS;
        if (data.confidence > widest) revert ConfidenceTooWide(feedId, data.confidence, widest);
    }

    /// @dev While a step is staged the record has the multiplier before it, so that nothing but a new record ends the refusal once
    ///      it has applied. A record that stages none may say since when its multiplier applies; how large that step was it does not.
    function _requireNoActionNear(bytes32 feedId, IOracleFeeds.FeedData memory data, Policy memory policy) private view {
        uint256 current = data.multiplier;
        uint256 next = data.nextMultiplier;
        if (next != 0) {
            uint256 step = next > current ? next - current : current - next;
            if (step * BPS < current * policy.minStepBps) return;
        }
        uint256 from = data.activation > policy.pauseBefore ? data.activation - policy.pauseBefore : 0;
        uint256 to = uint256(data.activation) + policy.pauseAfter;
        if (block.timestamp < from) return;
        if (block.timestamp <= to) revert CorporateActionNear(feedId, block.timestamp, from, to);
        if (next != 0) revert MultiplierOutOfDate(feedId, current, next, data.activation);
    }

    function _has(uint256 accepted, uint256 bit) private pure returns (bool) {
        return (accepted >> bit) & 1 == 1;
    }

    /// @dev Unix milliseconds that many seconds before the block.
    function _before(uint256 seconds_) private view returns (uint256) {
        return block.timestamp > seconds_ ? (block.timestamp - seconds_) * 1000 : 0;
    }
}
