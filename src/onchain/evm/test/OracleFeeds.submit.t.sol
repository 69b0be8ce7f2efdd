// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {Batches} from "./Batches.sol";
import {Vm} from "./Test.sol";

contract OracleFeedsSubmitTest is Batches {
    uint64 private constant SEQUENCE = uint64(NOW_MILLIS) * 16;

    function setUp() public {
        deployWithSignerAndFeeds();
        registerPlainFeeds();
    }

    // ------------------------------------------------------------------------------------------------ stored

    function test_submit_ShareRecord_StoredExactly() public {
        submit(batchOf(encode(shareRecord())));
        assertStored(shareRecord(), SEQUENCE, share);
    }

    function test_submit_TokenRecord_StoredExactly() public {
        submit(batchOf(encode(tokenRecord())));
        assertStored(tokenRecord(), SEQUENCE, token);
    }

    function test_submit_NoQuoteNoEma_StoredExactly() public {
        Record memory r = shareRecord();
        (r.bid, r.ask, r.ema) = (ABSENT, ABSENT, ABSENT);
        submit(batchOf(encode(r)));
        assertStored(r, SEQUENCE, share);
        assertEq(int256(feeds.read(share).bid), 0, "bid");
    }

    function test_submit_HotOnlyFeeds_StoreAllButQuoteEmaAndCounts() public {
        submit(batchOf(encode(shareRecordOf(plain)), encode(tokenRecordOf(plainToken))));
        assertStored(shareRecordOf(plain), SEQUENCE, plain);
        assertStored(tokenRecordOf(plainToken), SEQUENCE, plainToken);
        IOracleFeeds.FeedData memory data = feeds.read(plain);
        assertFalse(data.detailed || data.isToken, "detailed or token");
        assertEq(data.nextChangeAt, shareRecord().nextChangeAt, "nextChangeAt");
        assertEq(data.maxAge, 90, "maxAge");
        assertTrue(feeds.read(share).detailed, "detailed");
    }

    function test_submit_HotOnlyFeed_WritesOneWord() public {
        submit(encode(shareRecordOf(plain)), SEQUENCE);
        Record memory r = shareRecordOf(plain);
        r.price++;
        bytes memory envelope = envelopeOf(batchOf(encode(r), SEQUENCE + 1));
        vm.record();
        feeds.submit(envelope);
        (, bytes32[] memory writes) = vm.accesses(address(feeds));
        assertEq(writes.length, 1, "writes");
    }

    function batchOf(bytes memory record, uint64 sequence) private pure returns (Batch memory batch) {
        batch = batchOf(record);
        batch.sequence = sequence;
    }

    /// @dev Two records in turn, for each kind of feed, so that every way of storing next change and max age follows every other.
    function testFuzz_submit_CanonicalRecords_StoredExactly(Record memory first, Record memory second, uint256 seed) public {
        bytes32[4] memory all = [share, token, plain, plainToken];
        for (uint256 i = 0; i < 4; i++) {
            vm.prank(OWNER);
            feeds.setBounds(all[i], 1, 4_500_000_000_000_000);
            for (uint64 turn = 0; turn < 2; turn++) {
                Record memory r = copyOf(turn == 0 ? first : second);
                r.kind = uint8(i);
                // What the feed holds by then may not go back.
                canonicalise(r, seed >> (turn * 8), turn == 0 ? 1 : uint48(feeds.read(all[i]).observedAtMillis));
                r.tag = uint64(bytes8(all[i]));
                submit(encode(r), SEQUENCE + turn);
                assertStored(r, SEQUENCE + turn, all[i]);
            }
        }
    }

    function test_submit_ValidityAtEveryEdge_StoredExactly() public {
        uint40[10] memory changes =
            [0, 1, NOW - 1, NOW, NOW + 1, NOW + (1 << 19) - 3, NOW + (1 << 19) - 2, NOW + (1 << 19) - 1, NOW + (1 << 19), type(uint40).max];
        uint32[8] memory ages = [uint32(1), 127, 3600, 4094, 4095, 4096, 86_400, type(uint32).max];
        uint64 sequence = SEQUENCE;
        for (uint256 i = 0; i < changes.length * ages.length; i++) {
            Record memory r = shareRecordOf(plain);
            (r.nextChangeAt, r.maxAge) = (changes[i % changes.length], ages[i / changes.length]);
            submit(encode(r), ++sequence);
            assertStored(r, sequence, plain);
        }
    }

    function test_submit_PricesAtTheEdges_StoredExactly() public {
        vm.prank(OWNER);
        feeds.setBounds(plain, 1, 4_500_000_000_000_000);
        Record memory r = shareRecordOf(plain);
        (r.bid, r.ask, r.ema) = (ABSENT, ABSENT, ABSENT);
        (r.price, r.confidence, r.holdReasons) = (4_500_000_000_000_000, type(uint48).max, type(uint16).max);
        (r.session, r.closedReason, r.haltReason, r.state) = (5, 5, 9, 7);
        r.observedAt = NOW_MILLIS;
        submit(encode(r), SEQUENCE | 15);
        assertStored(r, SEQUENCE | 15, plain);
        (r.price, r.confidence) = (1, 0);
        submit(encode(r), SEQUENCE + 16);
        assertStored(r, SEQUENCE + 16, plain);
    }

    /// @dev The nearest canonical record; the seed says which of the ways to store validity are tried.
    function canonicalise(Record memory r, uint256 seed, uint48 earliest) private pure {
        r.kind = 1 + (r.kind & 1);
        r.price = int64(uint64(1 + (uint64(r.price) % 4_500_000_000_000_000)));
        if (r.bid == ABSENT || r.ask == ABSENT) (r.bid, r.ask) = (ABSENT, ABSENT);
        if (r.bid != ABSENT && r.bid <= -r.price) r.bid = int48(-(r.price - 1));
        if (r.ask < r.bid) r.ask = r.bid;
        if (r.ema != ABSENT && r.ema <= -r.price) r.ema = 0;
        r.session %= 6;
        r.closedReason = r.session == 5 ? r.closedReason % 6 : 0;
        r.haltReason %= 10;
        r.state = 1 + (r.state % 7);
        r.holdReasons = uint16(r.holdReasons);
        if (r.upstreams > r.sourcesUsed) r.upstreams = r.sourcesUsed;
        r.observedAt = earliest + (r.observedAt % (uint48(NOW_MILLIS) - earliest + 1));
        uint256 way = seed & 3;
        if (way == 0) r.nextChangeAt = 0;
        if (way == 1) r.nextChangeAt = NOW + (r.nextChangeAt % (1 << 20));
        if (way == 2) r.nextChangeAt %= NOW;
        way = (seed >> 2) & 3;
        if (way < 2) r.maxAge %= 4100;
        if (way == 2) r.maxAge = 4090 + r.maxAge % 10;
        if (r.maxAge == 0) r.maxAge = 1;
        if (r.kind == 1) {
            (r.multiplier, r.nextMultiplier, r.activation, r.underlying) = (0, 0, 0, 0);
            return;
        }
        if (r.multiplier == 0) r.multiplier = 1e18;
        if (r.activation == 0) r.nextMultiplier = 0;
        r.underlying = r.underlying == type(int64).min ? int64(1) : (r.underlying < 0 ? -r.underlying : r.underlying);
        if (r.underlying == 0) r.underlying = 1;
    }

    // ------------------------------------------------------------------------------------------------ trySubmit

    function test_trySubmit_Stored_SameAsSubmit() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord()), encode(shareRecordOf(bytes32("?")))));
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.BatchStored(SEQUENCE, 0, 1, abi.encodePacked(uint16(1), IOracleFeeds.SkipReason.UnknownFeed));
        vm.prank(RELAYER);
        assertEq(feeds.trySubmit(envelope), 1, "stored");
        assertStored(shareRecord(), SEQUENCE, share);
    }

    function test_trySubmit_EveryRecordSkipped_ReturnsZeroAndNoEvent() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord())));
        feeds.submit(envelope);
        vm.recordLogs();
        assertEq(feeds.trySubmit(envelope), 0, "stored");
        assertEq(vm.getRecordedLogs().length, 0, "events");
        vm.expectRevert(
            abi.encodeWithSelector(IOracleFeeds.NothingStored.selector, abi.encodePacked(uint16(0), IOracleFeeds.SkipReason.NotNewer))
        );
        feeds.submit(envelope);
    }

    function test_trySubmit_BadBatch_Reverts() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord())));
        envelope[envelope.length - 50] ^= 0x01;
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadSignature.selector, 1, 0));
        feeds.trySubmit(envelope);
    }

    // ------------------------------------------------------------------------------------------------ the event

    function test_submit_Batch_OneEventAndNothingSkipped() public {
        vm.recordLogs();
        submit(batchOf(encode(shareRecord()), encode(tokenRecord())));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 1, "events");
        assertEq(logs[0].topics[0], IOracleFeeds.BatchStored.selector, "event");
        assertEq(uint256(logs[0].topics[1]), SEQUENCE, "sequence");
        assertEq(logs[0].data, abi.encode(uint16(0), uint16(2), ""), "first, stored, skipped");
        assertStored(shareRecord(), SEQUENCE, share);
        assertStored(tokenRecord(), SEQUENCE, token);
    }

    function test_submit_OneBadRecord_OthersStoredAndItReported() public {
        bytes[] memory records = new bytes[](3);
        records[0] = encode(shareRecord());
        records[1] = encode(shareRecordOf(keccak256("unknown")));
        records[2] = encode(tokenRecord());
        Batch memory batch = batchOf(records);
        bytes memory envelope = envelopeOf(batch);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.BatchStored(SEQUENCE, 0, 2, abi.encodePacked(uint16(1), IOracleFeeds.SkipReason.UnknownFeed));
        feeds.submit(envelope);
        assertStored(shareRecord(), SEQUENCE, share);
        assertStored(tokenRecord(), SEQUENCE, token);
    }

    function test_submit_SameFeedTwiceInBatch_FirstWins() public {
        Record memory second = shareRecord();
        second.price++;
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord()), encode(second)));
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.BatchStored(SEQUENCE, 0, 1, abi.encodePacked(uint16(1), IOracleFeeds.SkipReason.NotNewer));
        feeds.submit(envelope);
        assertStored(shareRecord(), SEQUENCE, share);
    }

    function test_submit_AnyRunOfAnyBatch_Accepted() public {
        bytes32[] memory ids = new bytes32[](11);
        bytes[] memory all = new bytes[](11);
        for (uint256 i = 0; i < 11; i++) {
            ids[i] = registerFeed(string.concat("figi:RUN", vm.toString(i)), 1);
            all[i] = encode(shareRecordOf(ids[i]));
        }
        uint64 sequence = SEQUENCE;
        for (uint256 count = 1; count <= 11; count++) {
            bytes[] memory records = new bytes[](count);
            for (uint256 i = 0; i < count; i++) records[i] = all[i];
            for (uint8 level = 0; level == 0 || (1 << (level - 1)) < count; level++) {
                for (uint256 first = 0; first < count; first += 1 << level) {
                    Batch memory batch = batchOf(records);
                    (batch.first, batch.level, batch.sequence) = (uint16(first), level, ++sequence);
                    submit(batch);
                    for (uint256 i = 0; i < count; i++) {
                        bool inRun = i >= first && i < first + (1 << level);
                        assertTrue((feeds.read(ids[i]).sequence == sequence) == inRun, "exactly the run is stored");
                    }
                }
            }
        }
    }

    function test_submit_SkippedInARun_PositionIsTheBatchs() public {
        bytes[] memory records = new bytes[](4);
        (records[0], records[1], records[2]) = (encode(shareRecord()), encode(shareRecord()), encode(tokenRecord()));
        records[3] = encode(shareRecordOf(bytes32("?")));
        Batch memory batch = batchOf(records);
        (batch.first, batch.level) = (2, 1);
        bytes memory envelope = envelopeOf(batch);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.BatchStored(SEQUENCE, 2, 1, abi.encodePacked(uint16(3), IOracleFeeds.SkipReason.UnknownFeed));
        feeds.submit(envelope);
    }

    // ------------------------------------------------------------------------------------------------ the whole call reverts

    function test_submit_WrongVersion_Reverts() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        batch.version = 2;
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongVersion.selector, 2, 1));
    }

    function test_submit_WrongDeployment_Reverts() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        batch.deployment++;
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongDeployment.selector, DEPLOYMENT + 1, DEPLOYMENT));
    }

    function test_submit_WrongEpoch_Reverts() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        for (uint32 epoch = 0; epoch < 4; epoch++) {
            if (epoch == 1) continue;
            batch.epoch = epoch;
            expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, epoch, 1));
        }
    }

    function test_submit_EveryShorterEnvelope_Reverts() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord()), encode(tokenRecord())));
        for (uint256 length = 0; length < envelope.length; length++) {
            bytes memory cut = new bytes(length);
            for (uint256 i = 0; i < length; i++) cut[i] = envelope[i];
            vm.expectPartialRevert(IOracleFeeds.BadLength.selector);
            feeds.submit(cut);
        }
    }

    function test_submit_OneByteShort_SaysBothSides() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord())));
        bytes memory cut = new bytes(envelope.length - 1);
        for (uint256 i = 0; i < cut.length; i++) cut[i] = envelope[i];
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLength.selector, envelope.length - 1, envelope.length));
        feeds.submit(cut);
    }

    function test_submit_OneByteLong_Reverts() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord())));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLength.selector, envelope.length + 1, envelope.length));
        feeds.submit(abi.encodePacked(envelope, uint8(0)));
    }

    function test_submit_UnknownRecordType_Reverts() public {
        bytes memory record = encode(shareRecord());
        record[0] = 0x03;
        Batch memory batch = batchOf(record);
        uint256 offset = envelopeOf(batch).length - 65;
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.BadRecordType.selector, offset, 3));
        record[0] = 0x00;
        expectSubmitRevert(batchOf(record), abi.encodeWithSelector(IOracleFeeds.BadRecordType.selector, offset, 0));
    }

    function test_submit_BadRun_Reverts() public {
        bytes[] memory records = new bytes[](3);
        for (uint256 i = 0; i < 3; i++) records[i] = encode(shareRecord());
        Batch memory batch = batchOf(records);
        bytes memory signature = sign(secrets[0], "OracleNodeBatch", digestOf(batch));
        // first, level: past the end, not aligned, level too high, far too high.
        uint16[5] memory firsts = [uint16(3), 1, 2, 0, 0];
        uint8[5] memory levels = [0, 1, 2, 3, 255];
        for (uint256 i = 0; i < 5; i++) {
            bytes memory envelope = abi.encodePacked(
                prefixOf(batch, 1), uint8(0), signature, firsts[i], levels[i], records[0], records[1], records[2]
            );
            vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadRun.selector, 3, firsts[i], levels[i]));
            feeds.submit(envelope);
        }
    }

    function test_submit_CountZero_Reverts() public {
        Batch memory batch = batchOf(new bytes[](0));
        bytes memory envelope = abi.encodePacked(prefixOf(batch, 0), uint16(0), uint8(0));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadRun.selector, 0, 0, 0));
        feeds.submit(envelope);
    }

    function test_submit_NoSignature_Reverts() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        bytes memory envelope = abi.encodePacked(prefixOf(batch, 0), runOf(batch));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.QuorumNotMet.selector, 0, 1));
        feeds.submit(envelope);
    }

    function test_submit_EveryByteTampered_Reverts() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord()), encode(tokenRecord())));
        for (uint256 i = 0; i < envelope.length; i++) {
            bytes1 original = envelope[i];
            envelope[i] = original ^ 0x01;
            (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
            assertFalse(ok, string.concat("accepted with byte changed at ", vm.toString(i)));
            envelope[i] = original;
        }
        feeds.submit(envelope);
    }

    function test_submit_TamperedRecord_BadSignature() public {
        bytes memory envelope = envelopeOf(batchOf(encode(shareRecord())));
        envelope[envelope.length - 50] ^= 0x01;
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadSignature.selector, 1, 0));
        feeds.submit(envelope);
    }

    function test_submit_UnregisteredSigner_Reverts() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        bytes memory signature = sign(secrets[0], "OracleNodeBatch", digestOf(batch));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.UnknownSigner.selector, 1, 7));
        feeds.submit(abi.encodePacked(prefixOf(batch, 1), uint8(7), signature, runOf(batch)));
    }

    function test_submit_SignedByAnotherKey_BadSignature() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        bytes memory signature = sign(secrets[0] + 1, "OracleNodeBatch", digestOf(batch));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadSignature.selector, 1, 0));
        feeds.submit(abi.encodePacked(prefixOf(batch, 1), uint8(0), signature, runOf(batch)));
    }

    function test_submit_SignedAsProof_BadSignature() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        bytes memory signature = sign(secrets[0], "OracleNodeProof", digestOf(batch));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadSignature.selector, 1, 0));
        feeds.submit(abi.encodePacked(prefixOf(batch, 1), uint8(0), signature, runOf(batch)));
    }

    function test_submit_AttestedInFuture_RevertsBeyondTheLimit() public {
        uint64 latest = NOW_MILLIS + MAX_FUTURE;
        Batch memory batch = batchOf(encode(shareRecord()));
        batch.sequence = (latest + 1) << 4;
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.AttestedInFuture.selector, latest + 1, latest));
        batch.sequence = (latest << 4) | 15;
        submit(batch);
    }

    function test_submit_HugeSequence_Reverts() public {
        Batch memory batch = batchOf(encode(shareRecord()));
        batch.sequence = type(uint64).max;
        expectSubmitRevert(
            batch,
            abi.encodeWithSelector(IOracleFeeds.AttestedInFuture.selector, type(uint64).max >> 4, NOW_MILLIS + MAX_FUTURE)
        );
    }

    function test_submit_AfterTheClockOfStorageEnds_Reverts() public {
        vm.warp(9_000_000_000);
        Batch memory batch = batchOf(encode(shareRecord()));
        batch.sequence = 9_000_000_000_000 << 4;
        expectSubmitRevert(
            batch, abi.encodeWithSelector(IOracleFeeds.AttestedInFuture.selector, 9_000_000_000_000, (1 << 42) - 1)
        );
    }

    function test_submit_AttestedTooOld_RevertsBeyondTheLimit() public {
        uint64 oldest = NOW_MILLIS - MAX_AGE;
        Record memory r = shareRecord();
        r.observedAt = uint48(oldest - 1);
        Batch memory batch = batchOf(encode(r));
        batch.sequence = ((oldest - 1) << 4) | 15;
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.AttestedTooOld.selector, oldest - 1, oldest));
        batch.sequence = oldest << 4;
        submit(batch);
    }

    // ------------------------------------------------------------------------------------------------ one record is skipped

    function test_store_UnknownFeed_Skipped() public {
        expectSkip(encode(shareRecordOf(bytes32("?"))), IOracleFeeds.SkipReason.UnknownFeed);
    }

    function test_store_WrongType_Skipped() public {
        Record memory r = tokenRecord();
        r.tag = uint64(bytes8(share));
        expectSkip(encode(r), IOracleFeeds.SkipReason.WrongType);
        expectSkip(encode(shareRecordOf(token)), IOracleFeeds.SkipReason.WrongType);
    }

    function test_store_SequenceNotNewer_Skipped() public {
        submit(encode(shareRecord()), SEQUENCE);
        expectSkip(encode(shareRecord()), SEQUENCE, IOracleFeeds.SkipReason.NotNewer);
        expectSkip(encode(shareRecord()), SEQUENCE - 1, IOracleFeeds.SkipReason.NotNewer);
        submit(encode(shareRecord()), SEQUENCE + 1);
    }

    function test_store_ObservedBackwards_Skipped() public {
        submit(encode(shareRecord()), SEQUENCE);
        Record memory r = shareRecord();
        r.observedAt--;
        expectSkip(encode(r), IOracleFeeds.SkipReason.ObservedBackwards);
    }

    function test_store_SameObservationNewState_Stored() public {
        submit(encode(shareRecord()), SEQUENCE);
        Record memory r = shareRecord();
        (r.state, r.holdReasons) = (4, 1);
        submit(encode(r), SEQUENCE + 1);
        assertStored(r, SEQUENCE + 1, share);
    }

    function test_store_ObservedAfterAttested_Skipped() public {
        Record memory r = shareRecord();
        r.observedAt = uint48(NOW_MILLIS + 1);
        expectSkip(encode(r), SEQUENCE, IOracleFeeds.SkipReason.ObservedAfterAttested);
        r.observedAt = type(uint48).max;
        expectSkip(encode(r), SEQUENCE, IOracleFeeds.SkipReason.ObservedAfterAttested);
        r.observedAt = uint48(NOW_MILLIS);
        submit(encode(r), SEQUENCE);
        assertStored(r, SEQUENCE, share);
    }

    function test_store_OutOfBounds_Skipped() public {
        Record memory r = shareRecord();
        r.price = 1e8 - 1;
        (r.bid, r.ask, r.ema) = (0, 0, 0);
        expectSkip(encode(r), IOracleFeeds.SkipReason.OutOfBounds);
        r.price = 10_000e8 + 1;
        expectSkip(encode(r), IOracleFeeds.SkipReason.OutOfBounds);
        r.price = 1e8;
        submit(encode(r), SEQUENCE);
        r.price = 10_000e8;
        submit(encode(r), SEQUENCE + 1);
    }

    function test_store_NotCanonical_Skipped() public {
        Record memory r = shareRecord();
        r.price = 0;
        expectBadEncoding(r);
        r.price = -1;
        expectBadEncoding(r);
        r.price = type(int64).min;
        expectBadEncoding(r);
        r = shareRecord();
        r.bid = ABSENT;
        expectBadEncoding(r);
        r = shareRecord();
        r.ask = ABSENT;
        expectBadEncoding(r);
        r = shareRecord();
        r.bid = r.ask + 1;
        expectBadEncoding(r);
        r = shareRecord();
        r.bid = int48(-r.price);
        expectBadEncoding(r);
        r.ask = int48(-r.price);
        expectBadEncoding(r);
        r = shareRecord();
        r.ema = int48(-r.price);
        expectBadEncoding(r);
        r = shareRecord();
        r.session = 6;
        expectBadEncoding(r);
        r.session = 5;
        r.closedReason = 6;
        expectBadEncoding(r);
        r.session = 4;
        r.closedReason = 1;
        expectBadEncoding(r);
        r = shareRecord();
        r.haltReason = 10;
        expectBadEncoding(r);
        r = shareRecord();
        r.state = 0;
        expectBadEncoding(r);
        r.state = 8;
        expectBadEncoding(r);
        r = shareRecord();
        for (uint256 bit = 16; bit < 32; bit++) {
            r.holdReasons = uint32(1 << bit);
            expectBadEncoding(r);
        }
        r = shareRecord();
        r.upstreams = r.sourcesUsed + 1;
        expectBadEncoding(r);
        r = shareRecord();
        r.observedAt = 0;
        expectBadEncoding(r);
        r = shareRecord();
        r.maxAge = 0;
        expectBadEncoding(r);
    }

    function test_store_SumsBeyondInt64_Skipped() public {
        Record memory r = shareRecord();
        r.price = type(int64).max - 5;
        (r.bid, r.ask, r.ema) = (0, 6, 0);
        expectBadEncoding(r);
        (r.ask, r.ema) = (5, 6);
        expectBadEncoding(r);
    }

    function test_store_TokenNotCanonical_Skipped() public {
        Record memory r = tokenRecord();
        r.multiplier = 0;
        expectBadEncoding(r);
        r = tokenRecord();
        r.activation = 0;
        expectBadEncoding(r);
        r = tokenRecord();
        r.underlying = 0;
        expectBadEncoding(r);
        r.underlying = -1;
        expectBadEncoding(r);
    }

    function expectBadEncoding(Record memory r) private {
        expectSkip(encode(r), IOracleFeeds.SkipReason.BadEncoding);
    }

    /// @dev A record whose single fields are pushed to and beyond their limits: what the usual way takes, the other one takes as
    ///      well, and what it does not take has a reason.
    function testFuzz_store_AlmostCanonical_PlainAndDetailedAgree(Record memory r, uint256 seed, uint256 wrong) public {
        vm.prank(OWNER);
        feeds.setBounds(plain, 2e8, 3_000e8);
        vm.prank(OWNER);
        feeds.setBounds(share, 2e8, 3_000e8);
        canonicalise(r, seed, 1);
        r.kind = 1;
        r.price = int64(2e8 + uint64(r.price) % 2_998e8);
        if (r.bid != ABSENT && r.bid <= -r.price) (r.bid, r.ask) = (0, r.ask < 0 ? int48(0) : r.ask);
        if (r.ema != ABSENT && r.ema <= -r.price) r.ema = 0;
        spoil(r, wrong);
        uint64 sequence = SEQUENCE + uint64(seed >> 200) % 3;
        bool[2] memory ok;
        bytes[2] memory err;
        bytes32[2] memory both = [share, plain];
        for (uint256 i = 0; i < 2; i++) {
            Record memory first = shareRecordOf(both[i]);
            first.observedAt = 5;
            submit(encode(first), SEQUENCE);
            r.tag = uint64(bytes8(both[i]));
            bytes memory envelope = envelopeOf(batchOf(encode(r), sequence));
            (ok[i], err[i]) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
            if (ok[i]) assertStored(r, sequence, both[i]);
        }
        assertTrue(ok[0] == ok[1], "stored by one, not by the other");
        if (!ok[0]) {
            assertEq(bytes32(bytes4(err[0])), bytes32(IOracleFeeds.NothingStored.selector), "a reason");
            assertEq(err[0], err[1], "reasons");
        }
    }

    function spoil(Record memory r, uint256 wrong) private pure {
        unchecked {
            uint256 value = wrong >> 8;
            uint256 field = (wrong & 0xff) % 20;
            if (field == 0) r.price = int64(uint64(2e8 - value % 3));
            if (field == 1) r.price = int64(uint64(3_000e8 + value % 3));
            if (field == 2) r.price = int64(uint64(value));
            if (field == 3) r.bid = int48(-r.price + int64(uint64(value % 3)) - 1);
            if (field == 4) r.ask = int48(r.bid + int48(uint48(value % 3)) - 1);
            if (field == 5) r.bid = ABSENT;
            if (field == 6) r.ask = ABSENT;
            if (field == 7) (r.bid, r.ask) = (ABSENT, ABSENT);
            if (field == 8) r.ema = int48(-r.price + int64(uint64(value % 3)) - 1);
            if (field == 9) r.session = uint8(value % 16);
            if (field == 10) r.closedReason = uint8(value % 16);
            if (field == 11) r.haltReason = uint8(value % 16);
            if (field == 12) r.state = uint8(value % 16);
            if (field == 13) r.holdReasons = uint32(value);
            if (field == 14) r.upstreams = uint8(value);
            if (field == 15) r.observedAt = NOW_MILLIS + uint48(value % 3) - 1;
            if (field == 16) r.observedAt = uint48(value % 8);
            if (field == 17) r.maxAge = 0;
            if (field == 18) r.observedAt = uint48(value);
        }
    }

    function testFuzz_store_AnyBytes_StoredOnlyWhenCanonical(bytes32 a, bytes32 b, uint8 c) public {
        // Type and tag are right, the rest is anything.
        bytes memory record = abi.encodePacked(uint8(1), bytes8(share), a, b);
        assembly {
            mstore(record, 65)
        }
        record[42] = bytes1(c & 0x97);
        Batch memory batch = batchOf(record);
        bytes memory envelope = envelopeOf(batch);
        (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
        IOracleFeeds.FeedData memory data = feeds.read(share);
        assertTrue(ok == (data.sequence != 0), "stored or reverted");
        if (ok) assertEq(encodeStored(data), record, "reads back as it was");
    }
}
