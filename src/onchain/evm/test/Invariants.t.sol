// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorInterface, AggregatorV3Interface} from "../src/AggregatorV3Interface.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {Batches} from "./Batches.sol";

/// @notice Does to the contract what relayers, signers, owner, guardian, strangers and time can do to it, and notes for each
///         step what moved. `INVARIANTS.md` says what must never be noted.
contract Actor is Batches {
    /// What the last step was allowed to do.
    bool public wellSigned;
    IOracleFeeds.FeedData[] private before;

    uint256 public steps;
    uint256 public stored;
    bool public sequenceStoodStillOrFell;
    bool public observedAtFell;
    bool public movedUnsigned;
    bool public movedThoughSkipped;
    bool public movedThoughReverted;
    bool public roundMovedWithoutObservation;
    bool public observationMovedWithoutRound;
    bool public storedOutsideWindow;
    bool public storedOutOfBounds;

    constructor() {
        deployWithSignerAndFeeds();
    }

    function ids() public view returns (bytes32[] memory) {
        return feeds.feedIds();
    }

    function oracle() external view returns (IOracleFeeds) {
        return feeds;
    }

    modifier step(bool signed) {
        wellSigned = signed;
        delete before;
        bytes32[] memory all = ids();
        for (uint256 i = 0; i < all.length; i++) before.push(feeds.read(all[i]));
        _;
        for (uint256 i = 0; i < all.length; i++) note(before[i], feeds.read(all[i]));
        steps++;
    }

    function note(IOracleFeeds.FeedData memory old, IOracleFeeds.FeedData memory now_) private {
        bool newRecord = keccak256(recordOf(old)) != keccak256(recordOf(now_));
        bool moved = old.sequence != now_.sequence;
        if (newRecord && now_.sequence <= old.sequence) sequenceStoodStillOrFell = true;
        if (now_.observedAtMillis < old.observedAtMillis) observedAtFell = true;
        if ((newRecord || moved) && !wellSigned) movedUnsigned = true;
        if (!moved) return;
        stored++;
        uint256 time = block.timestamp * 1000;
        if (now_.attestedAtMillis > time + MAX_FUTURE || now_.attestedAtMillis + MAX_AGE < time) storedOutsideWindow = true;
        if (now_.price < 1e8 || now_.price > 10_000e8) storedOutOfBounds = true;
        if (now_.paused || now_.state == 5 || now_.state == 6) return;
        uint256 round = AggregatorInterface(now_.proxy).latestRound();
        if (old.observedAtMillis == now_.observedAtMillis && round != old.observedAtMillis) roundMovedWithoutObservation = true;
        if (old.observedAtMillis < now_.observedAtMillis && round <= old.observedAtMillis) observationMovedWithoutRound = true;
    }

    /// @dev The signed part: a pause is not a record.
    function recordOf(IOracleFeeds.FeedData memory d) private pure returns (bytes memory encoded) {
        bool paused = d.paused;
        d.paused = false;
        encoded = abi.encode(d);
        d.paused = paused;
    }

    function recordFrom(uint256 seed) private view returns (Record memory r) {
        r = seed & 1 == 0 ? shareRecord() : tokenRecord();
        r.price += int64(uint64((seed >> 8) % 300e8));
        r.state = uint8(1 + ((seed >> 48) % 7));
        r.observedAt = uint48(block.timestamp * 1000 - (seed >> 56) % 20_000);
    }

    function sequenceFrom(uint256 seed) private view returns (uint64) {
        // From a little too old to a little too new.
        return uint64((block.timestamp * 1000 + MAX_FUTURE + 1000 - (seed >> 96) % (MAX_AGE + 10_000)) * 16 + (seed & 15));
    }

    function submitGood(uint256 seed) external step(true) {
        Batch memory batch = batchOf(encode(recordFrom(seed)));
        batch.sequence = (seed >> 130) & 3 == 0 ? sequenceFrom(seed) : uint64(block.timestamp) * 16_000 + uint64(seed & 15);
        bytes memory envelope = envelopeOf(batch);
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        if (!ok) for (uint256 i = 0; i < before.length; i++) {
            if (keccak256(abi.encode(before[i])) != keccak256(abi.encode(feeds.read(before[i].feedId)))) movedThoughReverted = true;
        }
    }

    /// @dev One record that cannot be stored beside one that may: only the second feed may move.
    function submitHalfBad(uint256 seed) external step(true) {
        Record memory bad = shareRecord();
        uint256 kind = (seed >> 200) % 5;
        bad.observedAt = uint48(block.timestamp * 1000);
        if (kind == 0) bad.price = 10_000e8 + 1;
        if (kind == 1) bad.state = 0;
        if (kind == 2) bad.observedAt = uint48(block.timestamp * 1000 + 1);
        if (kind == 3) bad.holdReasons = 1 << 16;
        if (kind == 4) bad.maxAge = 0;
        Record memory good = tokenRecord();
        good.observedAt = uint48(block.timestamp * 1000);
        Batch memory batch = batchOf(encode(bad), encode(good));
        batch.sequence = uint64(block.timestamp) * 16_000 + uint64(seed & 15);
        bytes32 old = keccak256(abi.encode(feeds.read(share)));
        bytes memory envelope = envelopeOf(batch);
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        ok;
        if (keccak256(abi.encode(feeds.read(share))) != old) movedThoughSkipped = true;
    }

    function submitForged(uint256 seed, uint256 position) external step(false) {
        bytes memory envelope = envelopeOf(batchOf(encode(recordFrom(seed))));
        envelope[position % envelope.length] ^= bytes1(uint8(1 + (seed % 255)));
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        ok;
    }

    function submitByAnotherKey(uint256 seed) external step(false) {
        Batch memory batch = batchOf(encode(recordFrom(seed)));
        batch.sequence = uint64(block.timestamp) * 16_000;
        bytes memory signature = sign(1 + seed % (L - 1) == secrets[0] ? 1 : 1 + seed % (L - 1), "OracleNodeBatch", digestOf(batch));
        bytes memory envelope = abi.encodePacked(prefixOf(batch, 1), uint8(0), signature, runOf(batch));
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        ok;
    }

    function pause(uint256 seed) external step(false) {
        vm.prank(seed & 2 == 0 ? GUARDIAN : OWNER);
        feeds.pauseFeeds(oneOf(seed));
    }

    function resume(uint256 seed) external step(false) {
        vm.prank(OWNER);
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.resumeFeeds, (oneOf(seed))));
        ok;
    }

    function stranger(address who, uint256 seed) external step(false) {
        if (who == OWNER || who == GUARDIAN) return;
        vm.prank(who);
        (bool paused,) = address(feeds).call(abi.encodeCall(IOracleFeeds.pauseFeeds, (oneOf(seed))));
        vm.prank(who);
        (bool resumed,) = address(feeds).call(abi.encodeCall(IOracleFeeds.resumeFeeds, (oneOf(seed))));
        if (paused || resumed) movedUnsigned = true;
    }

    function pass(uint256 seconds_) external step(false) {
        vm.warp(block.timestamp + seconds_ % 90);
    }

    function oneOf(uint256 seed) private view returns (bytes32[] memory chosen) {
        chosen = new bytes32[](1);
        chosen[0] = seed & 1 == 0 ? share : token;
    }
}

contract InvariantsTest is Batches {
    Actor private actor;

    function setUp() public {
        actor = new Actor();
    }

    function targetContracts() public view returns (address[] memory all) {
        all = new address[](1);
        all[0] = address(actor);
    }

    function invariant_sequence_StrictlyIncreases() public view {
        assertFalse(actor.sequenceStoodStillOrFell(), "a record changed without a higher sequence");
    }

    function invariant_observedAt_NeverGoesBack() public view {
        assertFalse(actor.observedAtFell(), "observedAt fell");
    }

    function invariant_state_MovedOnlyByRegisteredSigners() public view {
        assertFalse(actor.movedUnsigned(), "moved without a registered signer's word");
    }

    function invariant_skippedRecord_ChangesNothing() public view {
        assertFalse(actor.movedThoughSkipped(), "a skipped record changed storage");
    }

    function invariant_revertedBatch_ChangesNothing() public view {
        assertFalse(actor.movedThoughReverted(), "a refused batch changed storage");
    }

    function invariant_attestation_InsideItsWindow() public view {
        assertFalse(actor.storedOutsideWindow(), "stored though attested too early or too late");
    }

    function invariant_price_InsideItsBounds() public view {
        assertFalse(actor.storedOutOfBounds(), "stored out of bounds");
    }

    function invariant_round_AdvancesExactlyWithObservation() public view {
        assertFalse(actor.roundMovedWithoutObservation(), "a round without an observation");
        assertFalse(actor.observationMovedWithoutRound(), "an observation without a round");
    }

    function invariant_answer_PositiveAndNotFromTheFuture() public view {
        eachFeed(true);
    }

    function invariant_unusableFeed_CannotBeRead() public view {
        eachFeed(false);
    }

    function eachFeed(bool usable) private view {
        bytes32[] memory ids = actor.ids();
        for (uint256 i = 0; i < ids.length; i++) {
            IOracleFeeds.FeedData memory d = actor.oracle().read(ids[i]);
            bool mustAnswer = d.sequence != 0 && !d.paused && d.state != 5 && d.state != 6;
            (bool ok, bytes memory result) = d.proxy.staticcall(abi.encodeCall(AggregatorV3Interface.latestRoundData, ()));
            assertTrue(ok == mustAnswer, usable ? "answers when it must" : "reverts when it must");
            if (!ok) continue;
            (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) =
                abi.decode(result, (uint80, int256, uint256, uint256, uint80));
            assertTrue(answer > 0 && answer == d.price, "answer");
            assertTrue(startedAt <= updatedAt && updatedAt <= block.timestamp, "times");
            assertTrue(updatedAt <= d.observedAtMillis / 1000, "never fresher than observed");
            assertTrue(round == answeredIn, "rounds");
        }
    }

    /// @dev The run above would prove nothing if its steps never stored.
    function test_actor_StoresAndRefuses() public {
        actor.submitGood(4 << 130 | 0x1234);
        actor.submitGood((1 << 130) | 0x10);
        actor.pass(30);
        actor.submitGood((1 << 130) | 0x11);
        actor.submitHalfBad(3);
        actor.submitForged(5, 60);
        actor.submitByAnotherKey(5);
        assertTrue(actor.stored() >= 3, "stored");
        assertEq(actor.steps(), 7, "steps");
    }
}
