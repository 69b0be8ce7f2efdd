// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorInterface, AggregatorV3Interface} from "../src/AggregatorV3Interface.sol";
import {FeedProxy} from "../src/FeedProxy.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {Batches} from "./Batches.sol";

contract OracleFeedsReadTest is Batches {
    uint64 private constant SEQUENCE = uint64(NOW_MILLIS) * 16;

    FeedProxy private proxy;

    function setUp() public {
        deployWithSignerAndFeeds();
        proxy = FeedProxy(feeds.feedProxy(share));
    }

    function calls(uint80 round) private pure returns (bytes[] memory all) {
        all = new bytes[](7);
        all[0] = abi.encodeCall(AggregatorV3Interface.latestRoundData, ());
        all[1] = abi.encodeCall(AggregatorV3Interface.getRoundData, (round));
        all[2] = abi.encodeCall(AggregatorInterface.latestAnswer, ());
        all[3] = abi.encodeCall(AggregatorInterface.latestTimestamp, ());
        all[4] = abi.encodeCall(AggregatorInterface.latestRound, ());
        all[5] = abi.encodeCall(AggregatorInterface.getAnswer, (round));
        all[6] = abi.encodeCall(AggregatorInterface.getTimestamp, (round));
    }

    function assertEveryGetterReverts(bytes memory err) private {
        bytes[] memory all = calls(uint80(shareRecord().observedAt));
        for (uint256 i = 0; i < all.length; i++) {
            (bool ok, bytes memory result) = address(proxy).call(all[i]);
            assertFalse(ok, "answered");
            assertEq(result, err, "error");
        }
    }

    function assertAnswers(int64 price, uint256 updatedAt, uint80 round) private view {
        (uint80 roundId, int256 answer, uint256 startedAt, uint256 updated, uint80 answeredIn) = proxy.latestRoundData();
        assertEq(answer, price, "answer");
        assertEq(updated, updatedAt, "updatedAt");
        assertEq(startedAt, updatedAt, "startedAt");
        assertEq(roundId, round, "roundId");
        assertEq(answeredIn, round, "answeredInRound");
        assertEq(proxy.latestAnswer(), price, "latestAnswer");
        assertEq(proxy.latestTimestamp(), updatedAt, "latestTimestamp");
        assertEq(proxy.latestRound(), round, "latestRound");
        (roundId, answer, startedAt, updated, answeredIn) = proxy.getRoundData(round);
        assertEq(answer, price, "getRoundData answer");
        assertEq(updated, updatedAt, "getRoundData updatedAt");
        assertEq(startedAt, updatedAt, "getRoundData startedAt");
        assertEq(roundId, round, "getRoundData roundId");
        assertEq(answeredIn, round, "getRoundData answeredInRound");
        assertEq(proxy.getAnswer(round), price, "getAnswer");
        assertEq(proxy.getTimestamp(round), updatedAt, "getTimestamp");
    }

    function test_proxy_Metadata_AsRegistered() public view {
        assertEq(proxy.decimals(), 8, "decimals");
        assertEq(proxy.description(), "TSLA / USD", "description");
        assertEq(proxy.version(), 1, "version");
        assertEq(proxy.feedId(), share, "feed id");
        assertEq(address(proxy.oracle()), address(feeds), "oracle");
        assertEq(address(proxy).code.length, 77, "a minimal clone and its feed id");
    }

    function test_proxy_LivePrice_Answers() public {
        submit(batchOf(encode(shareRecord())));
        assertAnswers(shareRecord().price, shareRecord().observedAt / 1000, uint80(shareRecord().observedAt));
    }

    function test_proxy_EachStateButPausedAndRetired_Answers() public {
        for (uint8 state = 1; state <= 7; state++) {
            if (state == 5 || state == 6) continue;
            Record memory r = shareRecord();
            r.state = state;
            if (state == 7) (r.session, r.closedReason) = (5, 1);
            submit(encode(r), SEQUENCE + state);
            assertAnswers(r.price, r.observedAt / 1000, uint80(r.observedAt));
        }
    }

    function test_proxy_NothingStored_EveryGetterReverts() public {
        assertEveryGetterReverts(abi.encodeWithSelector(IOracleFeeds.NoDataPresent.selector, share, 0));
    }

    function test_proxy_StatePaused_EveryGetterReverts() public {
        Record memory r = shareRecord();
        r.state = 5;
        submit(batchOf(encode(r)));
        assertEveryGetterReverts(abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share));
        assertStored(r, SEQUENCE, share);
    }

    function test_proxy_StateRetired_EveryGetterReverts() public {
        Record memory r = shareRecord();
        r.state = 6;
        submit(batchOf(encode(r)));
        assertEveryGetterReverts(abi.encodeWithSelector(IOracleFeeds.FeedIsRetired.selector, share));
    }

    function test_proxy_PausedByGuardian_RevertsUntilOwnerResumes() public {
        submit(encode(shareRecord()), SEQUENCE);
        vm.prank(GUARDIAN);
        feeds.pauseFeeds(only(share));
        assertEveryGetterReverts(abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share));
        assertTrue(feeds.read(share).paused, "paused");
        assertFalse(feeds.read(token).paused, "the other feed paused");

        // Records are still taken, so that what is resumed is fresh.
        Record memory r = shareRecord();
        r.price += 5;
        submit(encode(r), SEQUENCE + 1);
        assertEveryGetterReverts(abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share));
        assertStored(r, SEQUENCE + 1, share);

        vm.prank(OWNER);
        feeds.resumeFeeds(only(share));
        assertAnswers(r.price, r.observedAt / 1000, uint80(r.observedAt));
    }

    function test_proxy_PausedBeforeTheFirstRecord_StaysPaused() public {
        vm.prank(GUARDIAN);
        feeds.pauseFeeds(only(share));
        submit(encode(shareRecord()), SEQUENCE);
        assertEveryGetterReverts(abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share));
    }

    function test_proxy_AnotherRound_NoDataPresent() public {
        submit(batchOf(encode(shareRecord())));
        uint80 round = uint80(shareRecord().observedAt);
        uint80[4] memory others = [uint80(0), round - 1, round + 1, type(uint80).max];
        for (uint256 i = 0; i < others.length; i++) {
            bytes memory err = abi.encodeWithSelector(IOracleFeeds.NoDataPresent.selector, share, others[i]);
            vm.expectRevert(err);
            proxy.getRoundData(others[i]);
            vm.expectRevert(err);
            proxy.getAnswer(others[i]);
            vm.expectRevert(err);
            proxy.getTimestamp(others[i]);
        }
    }

    function test_proxy_NewAttestationOfSameObservation_NoNewRound() public {
        submit(encode(shareRecord()), SEQUENCE);
        uint256 round = proxy.latestRound();
        uint256 updatedAt = proxy.latestTimestamp();
        vm.warp(NOW + 30);
        submit(encode(shareRecord()), SEQUENCE + 30_000 * 16);
        assertEq(proxy.latestRound(), round, "round");
        assertEq(proxy.latestTimestamp(), updatedAt, "updatedAt");

        Record memory r = shareRecord();
        r.observedAt += 1;
        submit(encode(r), SEQUENCE + 30_000 * 16 + 1);
        assertTrue(proxy.latestRound() > round, "a newer observation opens a round");
    }

    function test_proxy_ObservedAheadOfTheBlock_UpdatedAtIsClamped() public {
        Record memory r = shareRecord();
        r.observedAt = NOW_MILLIS + 4_000;
        submit(encode(r), (uint64(NOW_MILLIS) + 4_000) * 16);
        assertAnswers(r.price, NOW, uint80(r.observedAt));
        vm.warp(NOW + 10);
        assertAnswers(r.price, NOW + 4, uint80(r.observedAt));
        assertEq(feeds.read(share).observedAtMillis, r.observedAt, "stored as signed");
    }

    function test_proxy_WeekOldObservation_KeepsItsTime() public {
        Record memory r = shareRecord();
        (r.session, r.closedReason, r.state) = (5, 1, 7);
        r.observedAt = NOW_MILLIS - 7 days * 1000;
        submit(encode(r), SEQUENCE);
        assertAnswers(r.price, NOW - 7 days, uint80(r.observedAt));
    }

    function test_implementation_ServesNoFeed() public {
        FeedProxy implementation = new FeedProxy(feeds);
        vm.expectPartialRevert(IOracleFeeds.UnknownFeed.selector);
        implementation.latestRoundData();
    }

    // ------------------------------------------------------------------------------------------------ the full record

    function test_read_NothingStored_Zeros() public view {
        IOracleFeeds.FeedData memory data = feeds.read(token);
        IOracleFeeds.FeedData memory empty;
        (empty.feedId, empty.proxy, empty.isToken) = (token, feeds.feedProxy(token), true);
        assertEq(abi.encode(data), abi.encode(empty), "zeros");
    }

    function test_read_ShareAfterToken_NoTokenFields() public {
        submit(batchOf(encode(shareRecord()), encode(tokenRecord())));
        IOracleFeeds.FeedData memory data = feeds.read(share);
        assertEq(uint256(data.multiplier) + data.nextMultiplier + data.activation, 0, "token fields");
        assertEq(feeds.read(token).multiplier, 1.0031e18, "multiplier");
        assertEq(feeds.read(token).underlyingPrice, 319_40000000, "underlying");
    }

    function test_read_TokenUnstaged_ZerosAgain() public {
        submit(encode(tokenRecord()), SEQUENCE);
        Record memory r = tokenRecord();
        (r.multiplier, r.nextMultiplier, r.activation) = (5.0155e18, 0, 0);
        submit(encode(r), SEQUENCE + 1);
        assertStored(r, SEQUENCE + 1, token);
    }

    function test_readMany_InOrderAsked() public {
        submit(batchOf(encode(shareRecord()), encode(tokenRecord())));
        bytes32[] memory ids = new bytes32[](3);
        (ids[0], ids[1], ids[2]) = (token, share, token);
        IOracleFeeds.FeedData[] memory all = feeds.readMany(ids);
        assertEq(all.length, 3, "length");
        for (uint256 i = 0; i < 3; i++) assertEq(abi.encode(all[i]), abi.encode(feeds.read(ids[i])), "same as read");
    }

    function test_read_UnknownFeed_Reverts() public {
        // Same tag, another id: found by tag it would be served.
        bytes32 unknown = share ^ bytes32(uint256(1));
        bytes memory err = abi.encodeWithSelector(IOracleFeeds.UnknownFeed.selector, unknown);
        vm.expectRevert(err);
        feeds.read(unknown);
        vm.expectRevert(err);
        feeds.readMany(only(unknown));
        vm.expectRevert(err);
        feeds.latestRound(unknown);
        vm.expectRevert(err);
        feeds.feedProxy(unknown);
        vm.expectRevert(err);
        feeds.feedInfo(unknown);
    }

    function only(bytes32 id) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = id;
    }
}
