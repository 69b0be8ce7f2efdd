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
        assertEq(proxy.description(), "TSLA / USD (UnderlyingShare)", "description");
        assertEq(proxy.unit(), 1, "unit");
        assertEq(proxy.version(), 1, "version");
        assertEq(proxy.feedId(), share, "feed id");
        assertEq(address(proxy.oracle()), address(feeds), "oracle");
        assertEq(address(proxy).code.length, 78, "a minimal clone, its feed id and unit");
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
        (bool ok, bytes memory err) = address(implementation).staticcall(abi.encodeCall(FeedProxy.latestRoundData, ()));
        assertFalse(ok, "answers");
        bool typed = bytes4(err) == IOracleFeeds.UnknownFeed.selector || bytes4(err) == IOracleFeeds.NotAPrice.selector;
        assertTrue(typed, "with a typed error");
    }

    // ------------------------------------------------------------------------------------------------ units

    string[9] private names = [
        "", "UnderlyingShare", "RawToken", "UiToken", "WrapperShare", "PremiumRatio", "IndicativeShare", "ReserveRatio", "CurrencyUnit"
    ];

    /// @dev Each unit's name, its type of record, and whether readers that see nothing but a number are answered.
    function test_units_EachInItsDescriptionAndRecord_OnlyPricesServed() public {
        for (uint8 unit = 1; unit <= 8; unit++) {
            bytes32 id = registerFeed("figi:BBG000N9P426@XNAS;unit", unit);
            bool isToken = unit == 2 || unit == 3 || unit == 4 || unit == 6;
            Record memory r = isToken ? tokenRecordOf(id) : shareRecordOf(id);
            submit(encode(r), SEQUENCE + unit);
            assertStored(r, SEQUENCE + unit, id);
            IOracleFeeds.FeedData memory data = feeds.read(id);
            assertEq(data.unit, unit, "unit");
            assertTrue(data.isToken == isToken, "type of record");
            FeedProxy its = FeedProxy(feeds.feedProxy(id));
            assertEq(its.description(), string.concat("TSLA / USD (", names[unit], ")"), "description");
            assertEq(its.unit(), unit, "unit of the proxy");
            assertEq(its.feedId(), id, "feed id of the proxy");
            assertServed(its, id, unit);
        }
    }

    function assertServed(FeedProxy its, bytes32 id, uint8 unit) private view {
        bytes[] memory all = calls(uint80(shareRecord().observedAt));
        for (uint256 i = 0; i <= all.length; i++) {
            (bool ok, bytes memory result) = i < all.length
                ? address(its).staticcall(all[i])
                : address(feeds).staticcall(abi.encodeCall(IOracleFeeds.latestRound, (id)));
            assertTrue(ok == (unit < 5 || unit > 7), "served");
            if (!ok) assertEq(result, abi.encodeWithSelector(IOracleFeeds.NotAPrice.selector, id, unit), "error");
        }
    }

    function test_units_RecordOfTheOtherType_Skipped() public {
        for (uint8 unit = 1; unit <= 8; unit++) {
            bytes32 id = registerFeed("figi:BBG000N9P426@XNAS;unit", unit);
            bool isToken = unit == 2 || unit == 3 || unit == 4 || unit == 6;
            Record memory r = isToken ? shareRecordOf(id) : tokenRecordOf(id);
            expectSkip(encode(r), SEQUENCE + unit, IOracleFeeds.SkipReason.WrongType);
        }
    }

    /// @dev An indication: anchor price, multiplier 1, nothing staged, and when the anchor price was made.
    function test_read_Indication_AnchorAndItsTime() public {
        bytes32 id = registerFeed("figi:BBG000N9P426@XNAS;indication", 6);
        Record memory r = tokenRecordOf(id);
        (r.multiplier, r.nextMultiplier, r.activation, r.underlying) = (1e18, 0, NOW - 3_600, 318e8);
        submit(encode(r), SEQUENCE);
        assertStored(r, SEQUENCE, id);
        IOracleFeeds.FeedData memory data = feeds.read(id);
        assertEq(data.activation, NOW - 3_600, "when the anchor was made");
        assertEq(data.nextMultiplier, 0, "nothing staged");
        assertEq(data.underlyingPrice, 318e8, "anchor");
    }

    function test_latestRound_ByIdAndByTag_AsTheProxy() public {
        submit(batchOf(encode(shareRecord())));
        (uint80 round, int256 answer, uint256 updatedAt) = feeds.latestRound(share);
        (uint80 taggedRound, int256 taggedAnswer, uint256 taggedUpdatedAt) = feeds.latestRoundByTag(uint64(bytes8(share)));
        assertEq(abi.encode(round, answer, updatedAt), abi.encode(taggedRound, taggedAnswer, taggedUpdatedAt), "by tag");
        assertAnswers(int64(answer), updatedAt, round);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.UnknownFeed.selector, bytes32(uint256(1) << 192)));
        feeds.latestRoundByTag(1);
    }

    function test_proxy_PausedAll_EveryGetterReverts() public {
        submit(batchOf(encode(shareRecord())));
        vm.prank(GUARDIAN);
        feeds.pauseAll();
        assertEveryGetterReverts(abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share));
        vm.prank(OWNER);
        feeds.resumeFeeds(only(share));
        assertAnswers(shareRecord().price, shareRecord().observedAt / 1000, uint80(shareRecord().observedAt));
        assertTrue(feeds.read(token).paused, "the other one still is");
    }

    // ------------------------------------------------------------------------------------------------ rounds

    /// @dev The n-th observation: a second and 5 units of price after the one before.
    function observe(uint256 n) private returns (Record memory r) {
        r = shareRecord();
        r.price += int64(uint64(5 * n));
        r.observedAt += uint48(1000 * n);
        vm.warp(NOW + n);
        submit(encode(r), SEQUENCE + uint64(16_000 * n));
    }

    function setRounds(uint16 rounds) private {
        vm.prank(OWNER);
        feeds.setRounds(share, rounds);
    }

    function assertRound(uint256 id, uint256 n) private view {
        (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = proxy.getRoundData(uint80(id));
        assertTrue(roundId == id && answeredIn == id, "ids");
        assertEq(answer, shareRecord().price + int256(5 * n), "answer");
        assertEq(updatedAt, (shareRecord().observedAt + 1000 * n) / 1000, "updatedAt");
        assertEq(startedAt, updatedAt, "startedAt");
        assertEq(proxy.getAnswer(id), answer, "getAnswer");
        assertEq(proxy.getTimestamp(id), updatedAt, "getTimestamp");
    }

    function assertNoRound(uint256 id) private {
        bytes memory err = abi.encodeWithSelector(IOracleFeeds.NoDataPresent.selector, share, id);
        vm.expectRevert(err);
        proxy.getRoundData(uint80(id));
        vm.expectRevert(err);
        proxy.getAnswer(id);
        vm.expectRevert(err);
        proxy.getTimestamp(id);
    }

    function test_rounds_RingOfThree_KeepsCurrentAndThreePast() public {
        observe(0);
        uint256 first = shareRecord().observedAt;
        setRounds(3);
        assertEq(proxy.latestRound(), first, "turned on: the same round");
        for (uint256 n = 1; n <= 8; n++) {
            observe(n);
            assertEq(proxy.latestRound(), first + n, "steps by one");
            for (uint256 i = 0; i <= n; i++) {
                if (i + 3 >= n) assertRound(first + i, i);
                else assertNoRound(first + i);
            }
            assertNoRound(first + n + 1);
            assertNoRound(first - 1);
        }
        assertNoRound(0);
    }

    function test_rounds_FromTheFirstRecord_BeginAtOne() public {
        setRounds(2);
        assertNoRound(0);
        for (uint256 n = 0; n < 4; n++) {
            observe(n);
            assertEq(proxy.latestRound(), n + 1, "id");
            assertRound(n + 1, n);
            assertNoRound(0);
        }
        assertRound(2, 1);
        assertNoRound(1);
    }

    function test_rounds_SameObservation_CorrectsTheCurrentRoundOnly() public {
        observe(0);
        setRounds(4);
        observe(1);
        uint256 round = proxy.latestRound();
        Record memory r = shareRecord();
        (r.price, r.observedAt) = (r.price + 77, r.observedAt + 1000);
        submit(encode(r), SEQUENCE + 16_001);
        assertEq(proxy.latestRound(), round, "no round");
        assertEq(proxy.getAnswer(round), r.price, "corrected");
        observe(2);
        assertEq(proxy.latestRound(), round + 1, "a round");
        assertEq(proxy.getAnswer(round), r.price, "final");
        assertRound(round - 1, 0);
    }

    function test_rounds_ChangedAndRemoved_IdsNeverFall() public {
        observe(0);
        uint256 first = shareRecord().observedAt;
        setRounds(2);
        observe(1);
        observe(2);
        vm.prank(OWNER);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.RoundsSet(share, 5, uint80(first + 2));
        feeds.setRounds(share, 5);
        assertRound(first + 2, 2);
        assertNoRound(first + 1);
        observe(3);
        assertRound(first + 3, 3);
        assertRound(first + 2, 2);
        assertNoRound(first + 1);

        setRounds(0);
        assertEq(proxy.latestRound(), first + 3000, "the observation's time again");
        assertRound(first + 3000, 3);
        assertNoRound(first + 3);
        observe(4);
        assertEq(proxy.latestRound(), first + 4000, "grows on");
        // What an earlier ring left behind is not served.
        setRounds(5);
        for (uint256 i = 1; i <= 6; i++) assertNoRound(first + 4000 - i);
        observe(5);
        assertEq(proxy.latestRound(), first + 4001, "on again");
        assertRound(first + 4000, 4);
        (,,,,,, uint16 rounds) = feeds.feedInfo(share);
        assertEq(rounds, 5, "rounds");
    }

    function test_rounds_PausedFeed_NoPastRoundEither() public {
        observe(0);
        setRounds(3);
        observe(1);
        vm.prank(GUARDIAN);
        feeds.pauseFeeds(only(share));
        bytes memory err = abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share);
        vm.expectRevert(err);
        proxy.getRoundData(uint80(shareRecord().observedAt));
        vm.expectRevert(err);
        proxy.getAnswer(shareRecord().observedAt);
    }

    function test_rounds_LargestRing_Served() public {
        observe(0);
        setRounds(type(uint16).max);
        observe(1);
        assertRound(shareRecord().observedAt, 0);
    }

    function test_rounds_IdBeyond80Bits_NoDataPresent() public {
        observe(0);
        uint256 id = (1 << 80) + shareRecord().observedAt;
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.NoDataPresent.selector, share, id));
        proxy.getAnswer(id);
    }

    // ------------------------------------------------------------------------------------------------ the full record

    function test_setDetailed_On_NoneUntilTheNextRecord() public {
        registerPlainFeeds();
        Record memory r = shareRecordOf(plain);
        // Max age lies in the detail word, which the change must keep.
        r.maxAge = 4096;
        submit(encode(r), SEQUENCE);
        vm.prank(OWNER);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.DetailedSet(plain, true);
        feeds.setDetailed(plain, true);
        IOracleFeeds.FeedData memory data = feeds.read(plain);
        assertTrue(data.detailed && data.bid == 0 && data.ask == 0 && data.ema == 0 && data.sourcesUsed == 0, "none");
        assertEq(data.maxAge, 4096, "max age");
        submit(encode(r), SEQUENCE + 1);
        assertStored(r, SEQUENCE + 1, plain);
        // Set as it is already: nothing is lost.
        vm.prank(OWNER);
        feeds.setDetailed(plain, true);
        assertStored(r, SEQUENCE + 1, plain);
        (,,,,, bool detailed,) = feeds.feedInfo(plain);
        assertTrue(detailed, "feedInfo");

        vm.prank(OWNER);
        feeds.setDetailed(plain, false);
        assertStored(r, SEQUENCE + 1, plain);
        assertFalse(feeds.read(plain).detailed, "no longer");
        submit(encode(r), SEQUENCE + 2);
        assertStored(r, SEQUENCE + 2, plain);
    }

    function test_read_NothingStored_Zeros() public view {
        IOracleFeeds.FeedData memory data = feeds.read(token);
        IOracleFeeds.FeedData memory empty;
        (empty.feedId, empty.proxy, empty.isToken, empty.detailed) = (token, feeds.feedProxy(token), true, true);
        empty.unit = 2;
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
}
