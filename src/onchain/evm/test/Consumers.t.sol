// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorInterface, AggregatorV3Interface} from "../src/AggregatorV3Interface.sol";
import {IPyth, PythStructs} from "../src/IPyth.sol";
import {PythFeeds} from "../src/PythFeeds.sol";
import {Batches} from "./Batches.sol";
import {ReadsPublishedFeeds} from "./PublishedFeeds.sol";

// Each reads as the protocol it is named after is documented to: what it checks, and above all what it does not. Our words,
// not their code.

/// @notice Aave: the answer alone. No time, no decimals, no round; <= 0 goes to a fallback.
contract AaveReader {
    AggregatorInterface private immutable _source;

    constructor(address source) {
        _source = AggregatorInterface(source);
    }

    function price() external view returns (uint256 value, bool fallback_) {
        int256 answer = _source.latestAnswer();
        return answer > 0 ? (uint256(answer), false) : (0, true);
    }
}

/// @notice Morpho: the answer alone, scaled by decimals fixed at construction. Refuses < 0 and takes 0.
contract MorphoReader {
    AggregatorV3Interface private immutable _feed;
    uint256 private immutable _scale;

    error NegativeAnswer();

    constructor(address feed) {
        _feed = AggregatorV3Interface(feed);
        _scale = 10 ** (36 - _feed.decimals());
    }

    function price() external view returns (uint256) {
        (, int256 answer,,,) = _feed.latestRoundData();
        if (answer < 0) revert NegativeAnswer();
        return uint256(answer) * _scale;
    }
}

/// @notice Euler: > 0 and not older than maxStaleness (60 s to 72 h; its variant for rare updates has no upper limit). The age is
///         an unsigned difference, so that an `updatedAt` after the block reverts.
contract EulerReader {
    AggregatorV3Interface private immutable _feed;
    uint256 private immutable _maxStaleness;

    error InvalidAnswer();
    error TooStale(uint256 staleness, uint256 maxStaleness);

    constructor(address feed, uint256 maxStaleness) {
        (_feed, _maxStaleness) = (AggregatorV3Interface(feed), maxStaleness);
    }

    function price() external view returns (uint256) {
        (, int256 answer,, uint256 updatedAt,) = _feed.latestRoundData();
        if (answer <= 0) revert InvalidAnswer();
        uint256 staleness = block.timestamp - updatedAt;
        if (staleness > _maxStaleness) revert TooStale(staleness, _maxStaleness);
        return uint256(answer);
    }
}

/// @notice Compound III: exactly 8 decimals when listed, then the answer alone, > 0.
contract CometReader {
    AggregatorV3Interface private immutable _feed;

    error BadDecimals();
    error BadPrice();

    constructor(address feed) {
        _feed = AggregatorV3Interface(feed);
        if (_feed.decimals() != 8) revert BadDecimals();
    }

    function price() external view returns (uint256) {
        (, int256 answer,,,) = _feed.latestRoundData();
        if (answer <= 0) revert BadPrice();
        return uint256(answer);
    }
}

/// @notice Euler's reader of Pyth: age at most 15 minutes, at most a minute ahead, > 0, confidence at most a share of the
///         price (10 to 500 bps), exponent -20 to 12.
contract EulerPythReader {
    IPyth private immutable _pyth;
    bytes32 private immutable _id;
    uint256 private immutable _maxStaleness;
    uint256 private immutable _maxConfWidthBps;

    error InvalidPrice();

    constructor(address pyth, bytes32 id, uint256 maxStaleness, uint256 maxConfWidthBps) {
        (_pyth, _id, _maxStaleness, _maxConfWidthBps) = (IPyth(pyth), id, maxStaleness, maxConfWidthBps);
    }

    function price() external view returns (uint256, int32) {
        PythStructs.Price memory p = _pyth.getPriceUnsafe(_id);
        if (p.publishTime < block.timestamp && block.timestamp - p.publishTime > _maxStaleness) revert InvalidPrice();
        if (p.publishTime > block.timestamp && p.publishTime - block.timestamp > 1 minutes) revert InvalidPrice();
        if (p.price <= 0 || p.conf > uint64(p.price) * _maxConfWidthBps / 10_000) revert InvalidPrice();
        if (p.expo < -20 || p.expo > 12) revert InvalidPrice();
        return (uint64(p.price), p.expo);
    }
}

/// @notice Readers that go by the conventions of rounds.
contract RoundReader {
    AggregatorV3Interface private immutable _feed;

    error BadRound();

    constructor(address feed) {
        _feed = AggregatorV3Interface(feed);
    }

    function price() external view returns (uint256) {
        (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) = _feed.latestRoundData();
        if (answer <= 0 || roundId == 0 || answeredInRound < roundId) revert BadRound();
        if (updatedAt == 0 || startedAt > updatedAt || updatedAt > block.timestamp) revert BadRound();
        (uint80 again, int256 same,,,) = _feed.getRoundData(roundId);
        if (again != roundId || same != answer) revert BadRound();
        return uint256(answer);
    }
}

contract ConsumersTest is ReadsPublishedFeeds {
    AaveReader private aave;
    MorphoReader private morpho;
    EulerReader private euler;
    EulerReader private eulerInfrequent;
    CometReader private comet;
    EulerPythReader private eulerPyth;
    RoundReader private rounds;

    function setUp() public {
        setUpFeeds();
        address proxy = feeds.feedProxy(share);
        aave = new AaveReader(proxy);
        morpho = new MorphoReader(proxy);
        euler = new EulerReader(proxy, 72 hours);
        eulerInfrequent = new EulerReader(proxy, type(uint256).max);
        comet = new CometReader(proxy);
        eulerPyth = new EulerPythReader(address(new PythFeeds(feeds)), share, 15 minutes, 100);
        rounds = new RoundReader(proxy);
    }

    function assertAllAnswer(int64 price) private view {
        (uint256 value, bool fallback_) = aave.price();
        assertEq(value, uint64(price), "Aave");
        assertFalse(fallback_, "Aave's fallback");
        assertEq(morpho.price(), uint256(uint64(price)) * 1e28, "Morpho");
        assertEq(euler.price(), uint64(price), "Euler");
        assertEq(eulerInfrequent.price(), uint64(price), "Euler, infrequent");
        assertEq(comet.price(), uint64(price), "Comet");
        assertEq(rounds.price(), uint64(price), "rounds");
        (uint256 pythPrice, int32 expo) = eulerPyth.price();
        assertEq(pythPrice, uint64(price), "Euler's Pyth");
        assertEq(int256(expo), -8, "exponent");
    }

    function readers() private view returns (address[7] memory) {
        return [
            address(aave), address(morpho), address(euler), address(eulerInfrequent), address(comet), address(eulerPyth), address(rounds)
        ];
    }

    function assertNoneAnswers() private view {
        address[7] memory all = readers();
        for (uint256 i = 0; i < 7; i++) {
            (bool ok,) = all[i].staticcall(abi.encodeCall(MorphoReader.price, ()));
            assertFalse(ok, vm.toString(i));
        }
    }

    function test_readers_LiveFeed_AllAnswer() public {
        Batches.Record memory r = published.goodShare();
        published.publish(r);
        assertAllAnswer(r.price);
    }

    /// @dev Euler's unsigned age would revert on a single second ahead.
    function test_readers_ObservedAheadOfTheBlock_AllAnswer() public {
        Batches.Record memory r = published.goodShare();
        r.observedAt = uint48(block.timestamp * 1000 + 5_000);
        published.publish(r, r.observedAt);
        assertAllAnswer(r.price);
    }

    /// @dev Aave, Morpho and Compound look at nothing but the answer: what must not be used has to revert.
    function test_readers_PausedRetiredOrEmpty_NoneAnswers() public {
        assertNoneAnswers();
        Batches.Record memory r = published.goodShare();
        for (uint8 state = 5; state <= 6; state++) {
            r.state = state;
            published.publish(r);
            assertNoneAnswers();
        }
        r.state = 1;
        published.publish(r);
        published.pause(share);
        assertNoneAnswers();
    }

    /// @dev From Friday's close over a holiday: 89.5 hours. Readers with a limit refuse, whatever is attested since.
    function test_readers_LongWeekend_OnlyThoseWithoutAnAgeAnswer() public {
        Batches.Record memory r = published.goodShare();
        published.publish(r);
        vm.warp(block.timestamp + 89.5 hours);
        (r.state, r.session, r.closedReason) = (7, 5, 2);
        r.nextChangeAt = uint40(block.timestamp + 1);
        published.publish(r);
        vm.expectPartialRevert(EulerReader.TooStale.selector);
        euler.price();
        vm.expectRevert(EulerPythReader.InvalidPrice.selector);
        eulerPyth.price();
        assertEq(eulerInfrequent.price(), uint64(r.price), "Euler, infrequent");
        assertEq(comet.price(), uint64(r.price), "Comet");
        assertEq(morpho.price(), uint256(uint64(r.price)) * 1e28, "Morpho");
    }

    function test_eulerPyth_WideConfidence_Refused() public {
        Batches.Record memory r = published.goodShare();
        r.confidence = uint48(uint64(r.price) / 100) + 1;
        published.publish(r);
        vm.expectRevert(EulerPythReader.InvalidPrice.selector);
        eulerPyth.price();
        r.confidence -= 1;
        published.publish(r);
        eulerPyth.price();
    }

    /// @dev Whatever is signed: each reader gets the record's price or nothing, never 0. Morpho takes 0.
    function testFuzz_readers_AnySignedRecord_ThePriceOrNothing(Batches.Record memory r, bool paused) public {
        Batches.Record memory good = published.goodShare();
        (r.kind, r.tag) = (good.kind, good.tag);
        (r.bid, r.ask, r.ema) = (type(int48).min, type(int48).min, type(int48).min);
        r.state = r.state % 8;
        r.session = r.session % 6;
        r.closedReason = r.session == 5 ? r.closedReason % 6 : 0;
        r.haltReason = r.haltReason % 10;
        r.holdReasons = uint16(r.holdReasons);
        r.upstreams = r.sourcesUsed;
        r.observedAt = uint48(block.timestamp * 1000 + 5_000 - r.observedAt % (8 days * 1000));
        // Half of them inside the feed's bounds.
        if (r.price % 2 == 0) r.price = int64(uint64(1e8 + uint64(r.price) % 9_999e8));
        try published.publish(r, uint64(block.timestamp * 1000 + 5_000)) {} catch {}
        if (paused) published.pause(share);
        bool readable = feeds.read(share).sequence != 0 && !paused && r.state != 5 && r.state != 6;

        address[7] memory all = readers();
        for (uint256 i = 0; i < 7; i++) {
            (bool ok, bytes memory result) = all[i].staticcall(abi.encodeCall(MorphoReader.price, ()));
            // Euler's two with an age and a width may refuse a price that is there, the others may not.
            assertTrue(ok == readable || (readable && (i == 2 || i == 5)), "answers exactly when there is a price");
            if (!ok) continue;
            uint256 answer = abi.decode(result, (uint256));
            if (i == 1) answer /= 1e28;
            assertTrue(answer > 0 && answer == uint64(r.price), "the price");
        }
    }
}
