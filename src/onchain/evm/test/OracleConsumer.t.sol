// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FeedUnit} from "../src/FeedUnit.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {OracleConsumer} from "../src/OracleConsumer.sol";
import {Batches} from "./Batches.sol";
import {PublishedFeeds, ReadsPublishedFeeds} from "./PublishedFeeds.sol";

/// @notice A sequencer uptime feed that says what it is told.
contract UptimeFeed {
    int256 private _down;
    uint256 private _startedAt;

    function set(int256 down, uint256 startedAt) external {
        (_down, _startedAt) = (down, startedAt);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, _down, _startedAt, _startedAt, 1);
    }
}

/// @notice Answers `read` with what it is told: values that OracleFeeds itself never stores.
contract Liar {
    IOracleFeeds.FeedData private _data;

    function set(IOracleFeeds.FeedData calldata data) external {
        _data = data;
    }

    function read(bytes32) external view returns (IOracleFeeds.FeedData memory) {
        return _data;
    }
}

/// @notice A protocol that imports the library.
contract Protocol {
    function use(IOracleFeeds feeds, bytes32 feedId, OracleConsumer.Policy calldata policy)
        external
        view
        returns (IOracleFeeds.FeedData memory)
    {
        return OracleConsumer.requireUsable(feeds, feedId, policy);
    }

    function prices(IOracleFeeds.FeedData calldata data) external pure returns (uint256, uint256, uint256) {
        return (OracleConsumer.collateralPrice(data), OracleConsumer.midPrice(data), OracleConsumer.debtPrice(data));
    }

    function priceOf(IOracleFeeds.FeedData calldata data, uint8 side) external pure returns (uint256) {
        if (side == 0) return OracleConsumer.collateralPrice(data);
        return side == 1 ? OracleConsumer.midPrice(data) : OracleConsumer.debtPrice(data);
    }
}

contract OracleConsumerTest is ReadsPublishedFeeds {
    Protocol private protocol;
    UptimeFeed private uptime;

    function setUp() public {
        setUpFeeds();
        protocol = new Protocol();
        uptime = new UptimeFeed();
    }

    function borrowing() private pure returns (OracleConsumer.Policy memory) {
        return OracleConsumer.defaultPolicy(FeedUnit.RAW_TOKEN);
    }

    function use(OracleConsumer.Policy memory policy) private view returns (IOracleFeeds.FeedData memory) {
        return protocol.use(feeds, token, policy);
    }

    function assertRefused(OracleConsumer.Policy memory policy, bytes memory err) private {
        vm.expectRevert(err);
        protocol.use(feeds, token, policy);
    }

    // ------------------------------------------------------------------------------------------------ accepted

    function test_requireUsable_GoodRecord_GivesWhatIsStored() public {
        published.publish(published.goodToken());
        assertEq(abi.encode(use(borrowing())), abi.encode(feeds.read(token)), "record");
        assertEq(abi.encode(use(OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN))), abi.encode(feeds.read(token)), "record");
        published.publish(published.goodShare());
        OracleConsumer.Policy memory shares = OracleConsumer.defaultPolicy(FeedUnit.UNDERLYING_SHARE);
        assertEq(protocol.use(feeds, share, shares).price, 320_41500000, "share");
    }

    function test_requireUsable_NothingStored_Refused() public {
        assertRefused(borrowing(), abi.encodeWithSelector(IOracleFeeds.NoDataPresent.selector, token, 0));
    }

    function test_requireUsable_UnknownFeed_Refused() public {
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.UnknownFeed.selector, bytes32("other")));
        protocol.use(feeds, "other", borrowing());
    }

    function test_requireUsable_EmptyPolicy_AcceptsNothing() public {
        published.publish(published.goodToken());
        OracleConsumer.Policy memory nothing;
        assertRefused(nothing, abi.encodeWithSelector(OracleConsumer.UnitNotExpected.selector, token, 2, 0));
        nothing.unit = FeedUnit.RAW_TOKEN;
        assertRefused(nothing, abi.encodeWithSelector(OracleConsumer.StateNotAccepted.selector, token, 1, 0, 0));
    }

    // ------------------------------------------------------------------------------------------------ units

    /// @dev Every unit against every expectation: only what is asked for is given, and only what is a price can be valued.
    function test_requireUsable_EachUnitAskedForAsEach_OnlyItself() public {
        for (uint8 unit = 1; unit <= 8; unit++) {
            bytes32 id = published.register(unit);
            published.publish(published.goodOf(id, unit));
            for (uint8 expected = 0; expected <= 9; expected++) {
                OracleConsumer.Policy memory policy = OracleConsumer.defaultPolicy(expected);
                if (expected != unit) {
                    vm.expectRevert(abi.encodeWithSelector(OracleConsumer.UnitNotExpected.selector, id, unit, expected));
                }
                protocol.use(feeds, id, policy);
            }
            IOracleFeeds.FeedData memory data = feeds.read(id);
            bool isRatioOrIndication = unit >= 5 && unit <= 7;
            for (uint8 side = 0; side < 3; side++) {
                if (isRatioOrIndication) vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.NotAPrice.selector, id, unit));
                protocol.priceOf(data, side);
            }
        }
    }

    /// @dev Incident of a design: a price that has the multiplier in it, times a balance that has it, too.
    function test_requireUsable_TokenPriceTakenForAShare_Refused() public {
        published.publish(published.goodToken());
        assertRefused(
            OracleConsumer.defaultPolicy(FeedUnit.UNDERLYING_SHARE),
            abi.encodeWithSelector(OracleConsumer.UnitNotExpected.selector, token, 2, 1)
        );
        assertRefused(
            OracleConsumer.liquidationPolicy(FeedUnit.UI_TOKEN), abi.encodeWithSelector(OracleConsumer.UnitNotExpected.selector, token, 2, 3)
        );
    }

    // ------------------------------------------------------------------------------------------------ state, session, halt

    function test_requireUsable_PausedByGuardian_RefusedWhateverThePolicy() public {
        published.publish(published.goodToken());
        published.pause(token);
        OracleConsumer.Policy memory any = borrowing();
        any.states = type(uint16).max;
        assertRefused(any, abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, token));
    }

    /// @dev Every state, session and halt reason there is, under both policies.
    function test_requireUsable_EachCombination_AsThePolicySays() public {
        OracleConsumer.Policy memory liquidating = OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN);
        for (uint8 state = 1; state <= 7; state++) {
            for (uint8 session = 0; session <= 5; session++) {
                for (uint8 halt = 0; halt <= 9; halt += 3) {
                    Batches.Record memory r = published.goodToken();
                    (r.state, r.session, r.haltReason) = (state, session, halt);
                    published.publish(r);
                    bool fresh = (state == 1 || state == 2) && halt == 0;
                    assertEq(accepted(borrowing()), fresh && session == 2, "borrowing");
                    assertEq(accepted(liquidating), fresh && session >= 1 && session <= 3, "liquidating");
                }
            }
        }
    }

    function accepted(OracleConsumer.Policy memory policy) private view returns (bool) {
        try protocol.use(feeds, token, policy) returns (IOracleFeeds.FeedData memory) {
            return true;
        } catch {
            return false;
        }
    }

    function assertEq(bool actual, bool expected, string memory what) private pure {
        assertEq(uint256(actual ? 1 : 0), uint256(expected ? 1 : 0), what);
    }

    function test_requireUsable_Held_SaysWhy() public {
        Batches.Record memory r = published.goodToken();
        (r.state, r.holdReasons) = (4, 0x0006);
        published.publish(r);
        assertRefused(borrowing(), abi.encodeWithSelector(OracleConsumer.StateNotAccepted.selector, token, 4, uint16(6), 6));
        OracleConsumer.Policy memory held = borrowing();
        held.states |= OracleConsumer.HELD;
        assertEq(use(held).state, 4, "accepted when asked for");
    }

    function test_requireUsable_PausedOrRetiredState_RefusedWhateverThePolicy() public {
        OracleConsumer.Policy memory any = borrowing();
        any.states = type(uint16).max;
        for (uint8 state = 5; state <= 6; state++) {
            Batches.Record memory r = published.goodToken();
            r.state = state;
            published.publish(r);
            assertRefused(any, abi.encodeWithSelector(OracleConsumer.StateNotAccepted.selector, token, state, uint16(0x9e), 0));
        }
    }

    function test_requireUsable_Halted_Refused() public {
        Batches.Record memory r = published.goodToken();
        r.haltReason = 1;
        published.publish(r);
        assertRefused(borrowing(), abi.encodeWithSelector(OracleConsumer.FeedIsHalted.selector, token, 1, uint16(1)));
    }

    function test_requireUsable_AnotherSession_Refused() public {
        Batches.Record memory r = published.goodToken();
        r.session = 1;
        published.publish(r);
        assertRefused(borrowing(), abi.encodeWithSelector(OracleConsumer.SessionNotAccepted.selector, token, 1, uint16(4)));
        use(OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN));
    }

    function test_requireUsable_SessionClaim_GoodUntilItsLastSecond() public {
        Batches.Record memory r = published.goodToken();
        r.nextChangeAt = uint40(block.timestamp + 10);
        published.publish(r);
        vm.warp(r.nextChangeAt - 1);
        use(borrowing());
        vm.warp(r.nextChangeAt);
        bytes memory err =
            abi.encodeWithSelector(OracleConsumer.SessionClaimExpired.selector, token, r.nextChangeAt, r.nextChangeAt);
        assertRefused(borrowing(), err);
        assertRefused(OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN), err);
    }

    function test_requireUsable_SessionClaimWithoutEnd_LivesAsLongAsTheAttestation() public {
        Batches.Record memory r = published.goodToken();
        r.nextChangeAt = 0;
        published.publish(r);
        vm.warp(block.timestamp + r.maxAge);
        use(borrowing());
    }

    // ------------------------------------------------------------------------------------------------ times

    function test_requireUsable_Attestation_GoodUntilItsOwnMaxAge() public {
        Batches.Record memory r = published.goodToken();
        published.publish(r);
        uint256 attested = block.timestamp * 1000;
        vm.warp(block.timestamp + r.maxAge);
        use(borrowing());
        vm.warp(block.timestamp + 1);
        assertRefused(
            borrowing(), abi.encodeWithSelector(OracleConsumer.AttestationTooOld.selector, token, attested, attested + 1000)
        );
    }

    function test_requireUsable_AttestedAhead_RefusedBeyondTheLimit() public {
        Batches.Record memory r = published.goodToken();
        uint64 attested = uint64(block.timestamp) * 1000 + 3001;
        published.publish(r, attested);
        use(borrowing());
        OracleConsumer.Policy memory strict = borrowing();
        strict.maxFuture = 3;
        assertRefused(
            strict, abi.encodeWithSelector(OracleConsumer.AttestedAhead.selector, token, attested, attested - 1)
        );
    }

    /// @dev A new attestation of an old price does not make it younger.
    function test_requireUsable_OldObservationNewlyAttested_Refused() public {
        Batches.Record memory r = published.goodToken();
        r.observedAt = uint48((block.timestamp - 300) * 1000);
        published.publish(r);
        use(borrowing());
        vm.warp(block.timestamp + 1);
        published.publish(r);
        assertRefused(
            borrowing(),
            abi.encodeWithSelector(
                OracleConsumer.ObservationTooOld.selector, token, r.observedAt, uint256(r.observedAt) + 1000
            )
        );
        use(OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN));
    }

    // ------------------------------------------------------------------------------------------------ price

    function test_requireUsable_Confidence_UpToItsCap() public {
        Batches.Record memory r = published.goodToken();
        r.confidence = uint48(uint64(r.price) / 100);
        published.publish(r);
        use(borrowing());
        r.confidence += 1;
        published.publish(r);
        assertRefused(
            borrowing(),
            abi.encodeWithSelector(OracleConsumer.ConfidenceTooWide.selector, token, r.confidence, r.confidence - 1)
        );
        use(OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN));
    }

    function testFuzz_prices_AreOrderedAndPositive(int64 price, uint48 confidence) public {
        IOracleFeeds.FeedData memory data;
        (data.feedId, data.unit, data.price, data.confidence) = (token, FeedUnit.RAW_TOKEN, price, confidence);
        if (price <= 0 || uint256(uint64(price)) <= confidence) {
            vm.expectRevert(
                abi.encodeWithSelector(OracleConsumer.PriceNotPositive.selector, token, int256(price), uint256(confidence))
            );
            protocol.prices(data);
            return;
        }
        (uint256 collateral, uint256 mid, uint256 debt) = protocol.prices(data);
        assertEq(mid, uint64(price), "mid");
        assertTrue(collateral > 0, "collateral price positive");
        assertEq(mid - collateral, confidence, "below by the confidence");
        assertEq(debt - mid, confidence, "above by the confidence");
    }

    function test_requireUsable_PriceNotPositive_Refused() public {
        published.publish(published.goodToken());
        IOracleFeeds.FeedData memory data = feeds.read(token);
        Liar liar = new Liar();
        int64[3] memory prices = [int64(0), -1, type(int64).min];
        for (uint256 i = 0; i < 3; i++) {
            data.price = prices[i];
            liar.set(data);
            vm.expectRevert(
                abi.encodeWithSelector(OracleConsumer.PriceNotPositive.selector, token, int256(prices[i]), data.confidence)
            );
            protocol.use(IOracleFeeds(address(liar)), token, borrowing());
        }
    }

    // ------------------------------------------------------------------------------------------------ corporate actions

    function test_requireUsable_StagedSplit_ClosedAroundItsActivation() public {
        uint40 activation = uint40(block.timestamp + 3 days);
        uint256 from = activation - 1 days;
        uint256 to = activation + 1 days;
        uint256[4] memory times = [from - 1, from, to, to + 1];
        for (uint256 i = 0; i < 4; i++) {
            vm.warp(times[i]);
            publishStaged(5e18, activation);
            if (i == 0) use(borrowing());
            else assertRefused(borrowing(), i < 3 ? near(times[i], from, to) : outOfDate(5e18, activation));
        }
        // Nothing but the new multiplier opens it.
        publishStaged(0, 0);
        use(borrowing());
    }

    function near(uint256 time, uint256 from, uint256 to) private view returns (bytes memory) {
        return abi.encodeWithSelector(OracleConsumer.CorporateActionNear.selector, token, time, from, to);
    }

    function outOfDate(uint128 next, uint40 activation) private view returns (bytes memory) {
        return abi.encodeWithSelector(OracleConsumer.MultiplierOutOfDate.selector, token, 1e18, next, activation);
    }

    function test_requireUsable_StagedSplitWithoutAPause_ClosedFromItsActivationOn() public {
        uint40 activation = uint40(block.timestamp + 60);
        OracleConsumer.Policy memory policy = OracleConsumer.withStepPause(borrowing(), 0, 0, 100);
        publishStaged(5e18, activation);
        vm.warp(activation - 1);
        use(policy);
        vm.warp(activation);
        assertRefused(policy, near(activation, activation, activation));
        vm.warp(activation + 1);
        assertRefused(policy, outOfDate(5e18, activation));
    }

    /// @dev A record that stages nothing and says since when its multiplier applies.
    function test_requireUsable_MultiplierJustChanged_ClosedForAsLongAsAfterwards() public {
        uint40 activation = uint40(block.timestamp);
        uint256[3] memory times = [uint256(activation), activation + 1 hours, activation + 1 hours + 1];
        OracleConsumer.Policy memory policy = OracleConsumer.withStepPause(borrowing(), 60, 1 hours, 100);
        for (uint256 i = 0; i < 3; i++) {
            vm.warp(times[i]);
            publishStaged(0, activation);
            if (i < 2) assertRefused(policy, near(times[i], activation - 60, activation + 1 hours));
            else use(policy);
        }
    }

    /// @dev Its activation is when its anchor price was made, which is always near.
    function test_requireUsable_Indication_AnchorIsNoCorporateAction() public {
        bytes32 id = published.register(FeedUnit.INDICATIVE_SHARE);
        Batches.Record memory r = published.goodOf(id, FeedUnit.INDICATIVE_SHARE);
        (r.multiplier, r.nextMultiplier, r.activation) = (1e18, 0, uint40(block.timestamp - 3 hours));
        published.publish(r);
        IOracleFeeds.FeedData memory data = protocol.use(feeds, id, OracleConsumer.defaultPolicy(FeedUnit.INDICATIVE_SHARE));
        assertEq(data.activation, block.timestamp - 3 hours, "anchor's time");
        assertEq(data.underlyingPrice, r.underlying, "anchor");
    }

    function test_requireUsable_StagedSplit_LiquidationsCloseLater() public {
        uint40 activation = uint40(block.timestamp + 3 days);
        vm.warp(activation - 1 hours - 1);
        publishStaged(5e18, activation);
        use(OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN));
        vm.warp(activation - 1 hours);
        publishStaged(5e18, activation);
        assertRefused(
            OracleConsumer.liquidationPolicy(FeedUnit.RAW_TOKEN),
            abi.encodeWithSelector(
                OracleConsumer.CorporateActionNear.selector, token, block.timestamp, activation - 1 hours, activation + 1 hours
            )
        );
    }

    function test_requireUsable_ReverseSplit_ClosedToo() public {
        publishStaged(0.1e18, uint40(block.timestamp + 60));
        vm.expectPartialRevert(OracleConsumer.CorporateActionNear.selector);
        protocol.use(feeds, token, borrowing());
    }

    function test_requireUsable_SmallDividend_StaysOpenUnlessAsked() public {
        publishStaged(1.0099e18, uint40(block.timestamp + 60));
        use(borrowing());
        OracleConsumer.Policy memory any = borrowing();
        any.minStepBps = 0;
        vm.expectPartialRevert(OracleConsumer.CorporateActionNear.selector);
        protocol.use(feeds, token, any);
        publishStaged(1.01e18, uint40(block.timestamp + 60));
        vm.expectPartialRevert(OracleConsumer.CorporateActionNear.selector);
        protocol.use(feeds, token, borrowing());
    }

    function publishStaged(uint128 next, uint40 activation) private {
        Batches.Record memory r = published.goodToken();
        (r.multiplier, r.nextMultiplier, r.activation) = (1e18, next, activation);
        published.publish(r);
    }

    // ------------------------------------------------------------------------------------------------ sequencer

    function test_requireUsable_Sequencer_DownBackUnknown() public {
        published.publish(published.goodToken());
        OracleConsumer.Policy memory policy = OracleConsumer.withSequencer(borrowing(), address(uptime), 60);
        assertRefused(
            policy, abi.encodeWithSelector(OracleConsumer.SequencerUnknown.selector, address(uptime), 0, block.timestamp)
        );
        uptime.set(0, block.timestamp + 1);
        assertRefused(
            policy,
            abi.encodeWithSelector(
                OracleConsumer.SequencerUnknown.selector, address(uptime), block.timestamp + 1, block.timestamp
            )
        );
        uptime.set(1, block.timestamp - 1000);
        assertRefused(
            policy, abi.encodeWithSelector(OracleConsumer.SequencerIsDown.selector, address(uptime), block.timestamp - 1000)
        );
        uptime.set(0, block.timestamp - 60);
        assertRefused(
            policy,
            abi.encodeWithSelector(
                OracleConsumer.SequencerJustBack.selector, address(uptime), block.timestamp, block.timestamp
            )
        );
        uptime.set(0, block.timestamp - 61);
        use(policy);
    }
}
