// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorInterface, AggregatorV3Interface} from "../src/AggregatorV3Interface.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {Batches} from "./Batches.sol";

/// @notice Does to the contract what relayers, signers, owner, guardian, strangers and time can do to it, and notes for each
///         step what moved. `INVARIANTS.md` says what must never be noted.
contract Actor is Batches {
    /// What is known of a feed's rounds from the steps before.
    struct Rounds {
        uint256 current;
        uint64 observedAt;
        /// The rounds kept were changed since.
        bool reset;
    }

    /// Who did the last step: 0 nobody in particular, else the owner's resume or change of rounds.
    enum Doing {
        Other,
        Resuming,
        SettingRounds
    }

    /// What the last step was allowed to do.
    bool public wellSigned;
    Doing private doing;
    IOracleFeeds.FeedData[] private before;
    mapping(bytes32 feedId => Rounds) private rounds;
    mapping(bytes32 feedId => mapping(uint256 round => bytes32)) private answers;
    mapping(bytes32 feedId => mapping(uint64 sequence => bytes32)) private signed;

    /// What was registered and until when it counts, kept apart from the contract: whatever was registered once is still here.
    uint32 public epochNow = 2;
    mapping(uint32 epoch => mapping(uint8 index => uint256)) private secretAt;
    mapping(uint32 epoch => uint256) private until;
    mapping(uint256 secret => bool) private ended;

    uint256 public steps;
    uint256 public rotations;
    uint256 public storedInOverlap;
    uint256 public stored;
    uint256 public pastRounds;
    bool public sequenceStoodStillOrFell;
    bool public observedAtFell;
    bool public movedUnsigned;
    bool public movedByRevokedKey;
    bool public movedThoughSkipped;
    bool public movedThoughReverted;
    bool public roundMovedWithoutObservation;
    bool public observationMovedWithoutRound;
    bool public roundFell;
    bool public pastRoundChanged;
    bool public storedOutsideWindow;
    bool public storedOutOfBounds;
    bool public storedOtherwiseThanSigned;
    bool public resumedByAnother;

    constructor() {
        deployWithSignerAndFeeds();
        registerPlainFeeds();
        // The first key is in every epoch. The second is there to be replaced and revoked.
        secrets.push(secrets[0] + 1);
        putAt(2, 0, secrets[0]);
        putAt(2, 1, secrets[1]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, 0);
        until[2] = type(uint64).max;
    }

    function putAt(uint32 epoch, uint8 index, uint256 secret) private {
        registerSigner(index, secret);
        secretAt[epoch][index] = secret;
    }

    /// @dev Does a batch of an epoch count that the signer at an index of it signed?
    function accepts(uint32 epoch, uint8 index) private view returns (bool) {
        uint256 secret = secretAt[epoch][index];
        return secret != 0 && !ended[secret] && block.timestamp <= until[epoch];
    }

    function ids() public view returns (bytes32[] memory) {
        return feeds.feedIds();
    }

    function oracle() external view returns (IOracleFeeds) {
        return feeds;
    }

    modifier step(bool signedWell) {
        wellSigned = signedWell;
        doing = Doing.Other;
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
        if (old.paused && !now_.paused && doing != Doing.Resuming) resumedByAnother = true;
        if (moved) {
            stored++;
            uint256 time = block.timestamp * 1000;
            if (now_.attestedAtMillis > time + MAX_FUTURE || now_.attestedAtMillis + MAX_AGE < time) storedOutsideWindow = true;
            if (now_.price < 1e8 || now_.price > 10_000e8) storedOutOfBounds = true;
            if (keccak256(encodeStored(now_)) != signed[now_.feedId][now_.sequence]) storedOtherwiseThanSigned = true;
        }
        if (now_.sequence != 0) noteRounds(now_);
    }

    function noteRounds(IOracleFeeds.FeedData memory now_) private {
        Rounds storage known = rounds[now_.feedId];
        if (doing == Doing.SettingRounds) known.reset = true;
        if (now_.paused || now_.state == 5 || now_.state == 6) {
            // Meanwhile the round that was current may be corrected, and others pass unseen.
            delete answers[now_.feedId][known.current];
            return;
        }
        uint256 round = AggregatorInterface(now_.proxy).latestRound();
        if (round < known.current) roundFell = true;
        if (known.current != 0) {
            if (known.observedAt == now_.observedAtMillis && round != known.current && !known.reset) roundMovedWithoutObservation = true;
            if (known.observedAt < now_.observedAtMillis && round <= known.current) observationMovedWithoutRound = true;
        }
        // A change of what is kept may give the current round another id, and drops the past ones.
        rounds[now_.feedId] = Rounds(round, now_.observedAtMillis, false);
        answers[now_.feedId][round] = answerAt(now_.proxy, round);
        for (uint256 past = round > 4 ? round - 4 : 0; past < round; past++) {
            bytes32 answer = answerAt(now_.proxy, past);
            if (answer == 0) continue;
            pastRounds++;
            bytes32 expected = answers[now_.feedId][past];
            if (expected != 0 && answer != expected) pastRoundChanged = true;
        }
    }

    /// @dev 0 when the round is not kept.
    function answerAt(address proxy, uint256 round) private view returns (bytes32) {
        (bool ok, bytes memory result) = proxy.staticcall(abi.encodeCall(AggregatorInterface.getAnswer, (round)));
        return ok ? keccak256(result) : bytes32(0);
    }

    /// @dev The signed part: a pause is not a record.
    function recordOf(IOracleFeeds.FeedData memory d) private pure returns (bytes memory encoded) {
        bool paused = d.paused;
        d.paused = false;
        encoded = abi.encode(d);
        d.paused = paused;
    }

    function feedFrom(uint256 seed) private view returns (bytes32) {
        return [share, token, plain, plainToken][seed & 3];
    }

    function recordFrom(uint256 seed) private view returns (Record memory r) {
        bytes32 feedId = feedFrom(seed);
        r = seed & 1 == 0 ? shareRecordOf(feedId) : tokenRecordOf(feedId);
        r.price += int64(uint64((seed >> 8) % 300e8));
        r.state = uint8(1 + ((seed >> 48) % 7));
        r.observedAt = uint48(block.timestamp * 1000 - (seed >> 56) % 20_000);
        // What fits into the hot word and what does not, in turn.
        if ((seed >> 140) & 1 == 0) r.nextChangeAt = uint40(seed >> 141);
        if ((seed >> 181) & 1 == 0) r.maxAge = 1 + uint32((seed >> 182) % (1 << 31));
    }

    function sequenceFrom(uint256 seed) private view returns (uint64) {
        // From a little too old to a little too new.
        return uint64((block.timestamp * 1000 + MAX_FUTURE + 1000 - (seed >> 96) % (MAX_AGE + 10_000)) * 16 + (seed & 15));
    }

    /// @dev What `read` must say once this is stored.
    function expect(Record memory signedRecord, uint64 sequence) private {
        Record memory r = copyOf(signedRecord);
        bytes32 feedId = feeds.feedIdByTag(r.tag);
        if (feedId == plain || feedId == plainToken) {
            (r.bid, r.ask, r.ema) = (ABSENT, ABSENT, ABSENT);
            (r.sourcesUsed, r.sourcesRejected, r.upstreams) = (0, 0, 0);
        }
        // Of two signed under one sequence either may come first: then it is the one that moved the feed.
        if (feeds.read(feedId).sequence != sequence) signed[feedId][sequence] = keccak256(encode(r));
    }

    function submitGood(uint256 seed) external step(accepts(epochNow, 0)) {
        Record memory r = recordFrom(seed);
        Batch memory batch = batchOf(encode(r));
        batch.epoch = epochNow;
        batch.sequence = (seed >> 130) & 3 == 0 ? sequenceFrom(seed) : uint64(block.timestamp) * 16_000 + uint64(seed & 15);
        expect(r, batch.sequence);
        bytes memory envelope = envelopeOf(batch);
        bool trying = (seed >> 134) & 1 == 1;
        (bool ok, bytes memory result) = address(feeds).call(
            trying ? abi.encodeCall(IOracleFeeds.trySubmit, (envelope)) : abi.encodeCall(IOracleFeeds.submit, (envelope))
        );
        if (!ok || (trying && abi.decode(result, (uint256)) == 0)) {
            for (uint256 i = 0; i < before.length; i++) {
                if (keccak256(abi.encode(before[i])) != keccak256(abi.encode(feeds.read(before[i].feedId)))) movedThoughReverted = true;
            }
        }
    }

    /// @dev One record that cannot be stored beside one that may: only the second feed may move.
    function submitHalfBad(uint256 seed) external step(accepts(epochNow, 0)) {
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
        batch.epoch = epochNow;
        batch.sequence = uint64(block.timestamp) * 16_000 + uint64(seed & 15);
        expect(good, batch.sequence);
        bytes32 old = keccak256(abi.encode(feeds.read(share)));
        bytes memory envelope = envelopeOf(batch);
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        ok;
        if (keccak256(abi.encode(feeds.read(share))) != old) movedThoughSkipped = true;
    }

    function submitForged(uint256 seed, uint256 position) external step(false) {
        Batch memory batch = batchOf(encode(recordFrom(seed)));
        batch.epoch = epochNow;
        bytes memory envelope = envelopeOf(batch);
        envelope[position % envelope.length] ^= bytes1(uint8(1 + (seed % 255)));
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        ok;
    }

    function submitByAnotherKey(uint256 seed) external step(false) {
        uint256 secret = 1 + seed % (L - 1);
        submitBy(seed, epochNow, 0, secret == secrets[0] ? 1 : secret);
    }

    function submitBySecondKey(uint256 seed) external step(accepts(epochNow, 1)) {
        submitBy(seed, epochNow, 1, secretAt[epochNow][1]);
    }

    /// @dev A signer of the epoch before the last, the last, the current or the staged one, in its own epoch or in a neighbour's.
    function submitInAnyEpoch(uint256 seed) external step(countsIn(seed)) {
        (uint32 epoch, uint8 index, uint256 secret) = signerFrom(seed);
        uint256 sum = sequences();
        submitBy(seed, epoch, index, secret);
        if (epoch != epochNow && sequences() != sum) storedInOverlap++;
    }

    function signerFrom(uint256 seed) private view returns (uint32 epoch, uint8 index, uint256 secret) {
        epoch = epochNow + 1 - uint32((seed >> 200) % 4);
        index = uint8((seed >> 210) & 1);
        // Mostly its own.
        uint32 from = (seed >> 211) & 3 == 3 ? epochNow : epoch;
        secret = secretAt[from][index];
        if (secret == 0) secret = secrets[1];
    }

    function countsIn(uint256 seed) private view returns (bool) {
        (uint32 epoch, uint8 index, uint256 secret) = signerFrom(seed);
        return accepts(epoch, index) && secret == secretAt[epoch][index];
    }

    function sequences() private view returns (uint256 sum) {
        bytes32[] memory all = ids();
        for (uint256 i = 0; i < all.length; i++) sum += feeds.read(all[i]).sequence;
    }

    function submitBy(uint256 seed, uint32 epoch, uint8 index, uint256 secret) private {
        uint256 sum = sequences();
        Record memory r = recordFrom(seed);
        Batch memory batch = batchOf(encode(r));
        batch.epoch = epoch;
        batch.sequence = uint64(block.timestamp) * 16_000 + uint64(seed & 15);
        expect(r, batch.sequence);
        bytes memory envelope =
            abi.encodePacked(prefixOf(batch, 1), index, sign(secret, "OracleNodeBatch", digestOf(batch)), runOf(batch));
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        ok;
        if (ended[secret] && sequences() != sum) movedByRevokedKey = true;
    }

    /// @dev The second key stays or is a new one. A key that was revoked is tried again first.
    function stage(uint256 seed) external step(false) {
        uint32 next = epochNow + 1;
        if (secretAt[next][0] != 0) return;
        putAt(next, 0, secrets[0]);
        uint256 secret = secretAt[epochNow][1];
        if (ended[secret]) {
            (bytes memory proof, bytes32 key) = (proofOf(secret, 1), keyOf(secret));
            vm.prank(OWNER);
            (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.registerSigner, (1, key, proof)));
            if (ok) movedByRevokedKey = true;
        }
        putAt(next, 1, ended[secret] || seed & 1 == 0 ? 2 + uint256(keccak256(abi.encode("rotated", next))) % (L - 2) : secret);
    }

    function activate(uint256 seed) external step(false) {
        uint32 next = epochNow + 1;
        if (secretAt[next][0] == 0) return;
        uint64 overlap = seed & 3 == 0 ? 0 : uint64(block.timestamp + seed % 600);
        vm.prank(OWNER);
        feeds.activateEpoch(next, 1, overlap);
        // A revoked epoch stays revoked; the one before it ends now.
        if (until[epochNow] != 0) until[epochNow] = overlap;
        until[epochNow - 1] = 0;
        until[next] = type(uint64).max;
        epochNow = next;
        rotations++;
    }

    /// @dev The second key of the last, the current or the staged epoch; it ends in all of them.
    function revokeSecondKey(uint256 seed) external step(false) {
        // Seldom, so that there is something to revoke.
        if (seed & 7 != 0) return;
        uint256 secret = secretAt[epochNow + 1 - uint32((seed >> 3) % 3)][1];
        if (secret == 0 || ended[secret]) return;
        bytes32 key = keyOf(secret);
        vm.prank(GUARDIAN);
        feeds.revokeKey(key);
        ended[secret] = true;
    }

    /// @dev The last or the current one.
    function revokeEpoch(uint256 seed) external step(false) {
        if (seed & 7 != 0) return;
        uint32 epoch = epochNow - uint32((seed >> 3) & 1);
        if (block.timestamp > until[epoch]) return;
        vm.prank(GUARDIAN);
        feeds.revokeEpoch(epoch);
        until[epoch] = 0;
    }

    function setRounds(uint256 seed) external step(false) {
        doing = Doing.SettingRounds;
        bytes32[] memory all = ids();
        for (uint256 i = 0; i < all.length; i++) {
            vm.prank(OWNER);
            feeds.setRounds(all[i], uint16((seed >> (i * 8)) % 4));
        }
    }

    function pause(uint256 seed) external step(false) {
        vm.prank(seed & 4 == 0 ? GUARDIAN : OWNER);
        feeds.pauseFeeds(only(feedFrom(seed)));
    }

    function pauseAll(uint256 seed) external step(false) {
        if (seed & 3 != 0) return;
        vm.prank(GUARDIAN);
        feeds.pauseAll();
    }

    function resume() external step(false) {
        doing = Doing.Resuming;
        bytes32[] memory all = ids();
        for (uint256 i = 0; i < all.length; i++) {
            if (!feeds.read(all[i]).paused) continue;
            vm.prank(OWNER);
            feeds.resumeFeeds(only(all[i]));
        }
    }

    function stranger(address who, uint256 seed) external step(false) {
        if (who == OWNER) return;
        bytes[7] memory calls = [
            abi.encodeCall(IOracleFeeds.activateEpoch, (epochNow + 1, 1, 0)),
            abi.encodeCall(IOracleFeeds.resumeFeeds, (only(feedFrom(seed)))),
            abi.encodeCall(IOracleFeeds.setRounds, (feedFrom(seed), 1)),
            abi.encodeCall(IOracleFeeds.setDetailed, (feedFrom(seed), seed & 4 == 0)),
            abi.encodeCall(IOracleFeeds.setBounds, (feedFrom(seed), 1, 2)),
            abi.encodeCall(IOracleFeeds.pauseAll, ()),
            abi.encodeCall(IOracleFeeds.revokeEpoch, (epochNow))
        ];
        // The guardian may do the last two.
        for (uint256 i = 0; i < (who == GUARDIAN ? 5 : 7); i++) {
            vm.prank(who);
            (bool ok,) = address(feeds).call(calls[i]);
            if (ok) movedUnsigned = true;
        }
    }

    function pass(uint256 seconds_) external step(false) {
        vm.warp(block.timestamp + seconds_ % 90);
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

    function invariant_record_StoredAsSigned() public view {
        assertFalse(actor.storedOtherwiseThanSigned(), "stored otherwise than signed");
    }

    function invariant_state_MovedOnlyByRegisteredSigners() public view {
        assertFalse(actor.movedUnsigned(), "moved without a registered signer's word");
    }

    function invariant_revokedKey_NeverCounts() public view {
        assertFalse(actor.movedByRevokedKey(), "moved by a revoked key");
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

    function invariant_pause_EndedOnlyByTheOwner() public view {
        assertFalse(actor.resumedByAnother(), "resumed by another than the owner");
    }

    function invariant_round_AdvancesExactlyWithObservation() public view {
        assertFalse(actor.roundMovedWithoutObservation(), "a round without an observation");
        assertFalse(actor.observationMovedWithoutRound(), "an observation without a round");
    }

    function invariant_roundId_NeverFalls() public view {
        assertFalse(actor.roundFell(), "a round id fell");
    }

    function invariant_pastRound_AnswersAsItEnded() public view {
        assertFalse(actor.pastRoundChanged(), "a past round changed");
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
            assertTrue(round == answeredIn && round <= d.observedAtMillis, "rounds");
        }
    }

    /// @dev The run above would prove nothing if its steps never stored.
    function test_actor_StoresAndRefuses() public {
        uint256 live = 1 << 130;
        actor.submitGood(live | 0x10);
        actor.setRounds(0x03030303);
        actor.pass(30);
        actor.submitGood(live | (1 << 134) | 0x14);
        actor.submitBySecondKey(live | 0x15);
        actor.pass(30);
        actor.submitGood(live | 0x18);
        actor.submitHalfBad(3);
        assertEq(actor.stored(), 5, "stored");
        assertTrue(actor.pastRounds() >= 2, "past rounds");
        actor.revokeSecondKey(8);
        actor.submitBySecondKey(live | 0x19);
        actor.submitForged(5, 60);
        actor.submitByAnotherKey(5);
        actor.pauseAll(0);
        actor.stranger(address(5), 1);
        actor.resume();
        assertEq(actor.stored(), 5, "no more stored");
        assertEq(actor.steps(), 15, "steps");
    }

    function test_actor_RotatesAndStoresInTheOverlap() public {
        uint256 last = (1 << 130) | (2 << 200);
        actor.stage(1);
        // The staged epoch signs nothing yet.
        actor.submitInAnyEpoch(1 << 130);
        assertEq(actor.stored(), 0, "stored by a staged epoch");
        actor.activate(301);
        actor.submitInAnyEpoch(last | 0x10);
        actor.pass(30);
        actor.submitInAnyEpoch(last | (1 << 210) | 0x14);
        actor.pass(30);
        assertEq(actor.storedInOverlap(), 2, "stored in the overlap");
        actor.submitGood((1 << 130) | 0x18);
        assertEq(actor.stored(), 3, "stored by the current epoch");

        // The second key is in both sets: revoked once, it ends in both, and is not staged again.
        actor.revokeSecondKey(8 * 1);
        actor.submitInAnyEpoch(last | (1 << 210) | 0x15);
        actor.submitBySecondKey(0x16);
        actor.pass(30);
        actor.submitInAnyEpoch(last | 0x10);
        assertEq(actor.storedInOverlap(), 3, "the first key goes on in the overlap");
        actor.revokeEpoch(8);
        actor.submitInAnyEpoch(last | 0x14);
        actor.stage(1);
        actor.activate(0);
        actor.submitInAnyEpoch(last | 0x18);
        actor.submitInAnyEpoch(last | (1 << 200) | 0x18);
        assertEq(actor.stored(), 4, "no more stored");
        assertEq(actor.rotations(), 2, "rotations");
    }
}
