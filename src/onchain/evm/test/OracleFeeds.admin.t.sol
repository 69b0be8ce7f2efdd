// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ed25519} from "../src/Ed25519.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {OracleFeeds} from "../src/OracleFeeds.sol";
import {Batches} from "./Batches.sol";

/// @notice Registers ids of our choice, which no identity is known to hash to.
contract OracleFeedsWithIds is OracleFeeds {
    constructor() OracleFeeds(1, msg.sender, 0, 1000) {}

    function add(bytes32 feedId) external {
        this.addWith(feedId, "x");
    }

    function addWith(bytes32 feedId, string calldata description) external {
        _add(feedId, 1, 1, 1, false, description);
    }
}

contract OracleFeedsAdminTest is Batches {
    uint64 private constant SEQUENCE = uint64(NOW_MILLIS) * 16;
    address private constant STRANGER = address(0x57);

    function setUp() public {
        deployWithSignerAndFeeds();
    }

    // ------------------------------------------------------------------------------------------------ construction

    function test_constructor_State_AsGiven() public view {
        assertEq(feeds.deployment(), DEPLOYMENT, "deployment");
        assertEq(feeds.owner(), OWNER, "owner");
        assertEq(feeds.guardian(), GUARDIAN, "guardian");
        assertEq(feeds.maxFutureMillis(), MAX_FUTURE, "max future");
        assertEq(feeds.maxAttestationAgeMillis(), MAX_AGE, "max age");
        assertEq(feeds.version(), 1, "version");
        assertEq(feeds.currentEpoch(), 1, "epoch");
    }

    function test_constructor_BadArguments_Reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLimit.selector, 0, 1, type(uint64).max));
        new OracleFeeds(0, OWNER, 0, 1000);
        vm.expectRevert(IOracleFeeds.ZeroAddress.selector);
        new OracleFeeds(1, address(0), 0, 1000);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLimit.selector, 600_001, 0, 600_000));
        new OracleFeeds(1, OWNER, 600_001, 1000);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLimit.selector, 999, 1000, 86_400_000));
        new OracleFeeds(1, OWNER, 0, 999);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLimit.selector, 86_400_001, 1000, 86_400_000));
        new OracleFeeds(1, OWNER, 0, 86_400_001);
    }

    // ------------------------------------------------------------------------------------------------ who may

    function test_ownerFunctions_AnyoneElse_Reverts() public {
        bytes[] memory all = new bytes[](10);
        all[0] = abi.encodeCall(IOracleFeeds.registerSigner, (0, bytes32(0), ""));
        all[1] = abi.encodeCall(IOracleFeeds.discardSigner, (0));
        all[2] = abi.encodeCall(IOracleFeeds.activateEpoch, (2, 1, 0));
        all[3] = abi.encodeCall(IOracleFeeds.registerFeed, ("a", "USD", 1, 8, 1, 2, true, "a"));
        all[4] = abi.encodeCall(IOracleFeeds.setBounds, (share, 1, 2));
        all[5] = abi.encodeCall(IOracleFeeds.resumeFeeds, (only(share)));
        all[6] = abi.encodeCall(IOracleFeeds.transferOwnership, (STRANGER));
        all[7] = abi.encodeCall(IOracleFeeds.setGuardian, (STRANGER));
        all[8] = abi.encodeCall(IOracleFeeds.setDetailed, (share, true));
        all[9] = abi.encodeCall(IOracleFeeds.setRounds, (share, 1));
        address[2] memory callers = [STRANGER, GUARDIAN];
        for (uint256 c = 0; c < 2; c++) {
            for (uint256 i = 0; i < all.length; i++) {
                vm.prank(callers[c]);
                (bool ok, bytes memory err) = address(feeds).call(all[i]);
                assertFalse(ok, "allowed");
                assertEq(err, abi.encodeWithSelector(IOracleFeeds.NotOwner.selector, callers[c], OWNER), "error");
            }
        }
    }

    function test_guardianFunctions_Stranger_Reverts() public {
        bytes memory err = abi.encodeWithSelector(IOracleFeeds.NotGuardian.selector, STRANGER, GUARDIAN);
        vm.prank(STRANGER);
        vm.expectRevert(err);
        feeds.pauseFeeds(only(share));
        vm.prank(STRANGER);
        vm.expectRevert(err);
        feeds.revokeEpoch(1);
        bytes32 key = keyOf(secrets[0]);
        vm.prank(STRANGER);
        vm.expectRevert(err);
        feeds.revokeKey(key);
        vm.prank(STRANGER);
        vm.expectRevert(err);
        feeds.pauseAll();
    }

    function test_guardian_None_NobodyElsePauses() public {
        vm.prank(OWNER);
        feeds.setGuardian(address(0));
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.NotGuardian.selector, GUARDIAN, address(0)));
        feeds.pauseFeeds(only(share));
        vm.prank(OWNER);
        feeds.pauseFeeds(only(share));
    }

    function test_ownership_TwoSteps() public {
        vm.prank(OWNER);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.OwnershipTransferStarted(OWNER, STRANGER);
        feeds.transferOwnership(STRANGER);
        assertEq(feeds.owner(), OWNER, "still the owner");
        assertEq(feeds.pendingOwner(), STRANGER, "pending");
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.NotPendingOwner.selector, GUARDIAN, STRANGER));
        feeds.acceptOwnership();
        vm.prank(STRANGER);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.OwnershipTransferred(OWNER, STRANGER);
        feeds.acceptOwnership();
        assertEq(feeds.owner(), STRANGER, "new owner");
        assertEq(feeds.pendingOwner(), address(0), "none pending");
    }

    function test_ownership_Withdrawn_CannotBeAccepted() public {
        vm.prank(OWNER);
        feeds.transferOwnership(STRANGER);
        vm.prank(OWNER);
        feeds.transferOwnership(address(0));
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.NotPendingOwner.selector, STRANGER, address(0)));
        feeds.acceptOwnership();
    }

    // ------------------------------------------------------------------------------------------------ signers and epochs

    function test_registerSigner_ProofForAnythingElse_Reverts() public {
        uint256 secret = secrets[0] + 1;
        bytes32 key = keyOf(secret);
        bytes memory good = proofOf(secret, 3);
        bytes memory err = abi.encodeWithSelector(IOracleFeeds.BadProofOfPossession.selector, 2, 3, key);

        bytes memory otherIndex = proofOf(secret, 4);
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.registerSigner(3, key, otherIndex);

        bytes memory otherKey = proofOf(secret + 1, 3);
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.registerSigner(3, key, otherKey);

        bytes memory otherTag = sign(secret, "OracleNodeBatch", feeds.proofDigest(2, 3, key));
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.registerSigner(3, key, otherTag);

        bytes memory otherEpoch = sign(secret, "OracleNodeProof", feeds.proofDigest(1, 3, key));
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.registerSigner(3, key, otherEpoch);

        vm.chainId(8453);
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.registerSigner(3, key, good);
        vm.chainId(31337);

        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLength.selector, 65, 64));
        feeds.registerSigner(3, key, abi.encodePacked(good, uint8(0)));

        vm.prank(OWNER);
        feeds.registerSigner(3, key, good);
        assertEq(feeds.signerKey(2, 3), key, "key");
        assertEq(feeds.signerKey(1, 3), bytes32(0), "not in the current epoch");
    }

    function test_registerSigner_WeakKey_Reverts() public {
        bytes memory proof = new bytes(64);
        bytes32 neutral = bytes32(uint256(1) << 248);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Ed25519.KeySmallOrder.selector, neutral));
        feeds.registerSigner(0, neutral, proof);
    }

    function test_registerSigner_IndexOrKeyTaken_Reverts() public {
        registerSigner(1, secrets[0]);
        bytes32 key = keyOf(secrets[0]);
        bytes memory proof = proofOf(secrets[0], 2);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.DuplicateKey.selector, 2, key, 1));
        feeds.registerSigner(2, key, proof);

        bytes32 other = keyOf(secrets[0] + 1);
        proof = proofOf(secrets[0] + 1, 1);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.SignerAlreadyRegistered.selector, 2, 1));
        feeds.registerSigner(1, other, proof);
    }

    function test_discardSigner_Staged_Removed() public {
        registerSigner(1, secrets[0]);
        vm.prank(OWNER);
        feeds.discardSigner(1);
        assertEq(feeds.signerKey(2, 1), bytes32(0), "key");
        (, uint16 count,) = feeds.epochInfo(2);
        assertEq(count, 0, "signers");
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.UnknownSigner.selector, 2, 1));
        feeds.discardSigner(1);
        registerSigner(2, secrets[0]);
        assertEq(feeds.signerKey(1, 0), keyOf(secrets[0]), "the current epoch keeps its own");
    }

    function test_activateEpoch_BadArguments_Reverts() public {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.NotStagedEpoch.selector, 1, 2));
        feeds.activateEpoch(1, 1, 0);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.NotStagedEpoch.selector, 3, 2));
        feeds.activateEpoch(3, 1, 0);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadThreshold.selector, 1, 0));
        feeds.activateEpoch(2, 1, 0);
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadThreshold.selector, 0, 1));
        feeds.activateEpoch(2, 0, 0);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadThreshold.selector, 2, 1));
        feeds.activateEpoch(2, 2, 0);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadOverlap.selector, NOW + 7 days + 1, NOW + 7 days));
        feeds.activateEpoch(2, 1, NOW + 7 days + 1);
    }

    function test_activateEpoch_Overlap_BothAcceptedUntilThen() public {
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, NOW + 60);

        Batch memory old = batchOf(encode(shareRecord()));
        submit(old);
        old.sequence++;
        old.epoch = 2;
        submit(old);

        vm.warp(NOW + 60);
        old.epoch = 1;
        old.sequence++;
        submit(old);
        vm.warp(NOW + 61);
        old.sequence++;
        expectSubmitRevert(old, abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, 1, 2));
    }

    function test_activateEpoch_NoOverlap_OldOneEnds() public {
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, 0);
        expectSubmitRevert(
            batchOf(encode(shareRecord())), abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, 1, 2)
        );
    }

    function test_activateEpoch_Twice_OnlyTheOneBeforeOverlaps() public {
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, NOW + 7 days);
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(3, 1, NOW + 7 days);
        Batch memory batch = batchOf(encode(shareRecord()));
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, 1, 3));
        batch.epoch = 2;
        submit(batch);
    }

    function test_revokeEpoch_Current_StopsAtOnceAndForGood() public {
        vm.prank(GUARDIAN);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.EpochRevoked(1, GUARDIAN);
        feeds.revokeEpoch(1);
        Batch memory batch = batchOf(encode(shareRecord()));
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, 1, 1));
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.EpochNotAccepted.selector, 1));
        feeds.revokeEpoch(1);

        // Its overlap does not bring it back.
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, NOW + 7 days);
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, 1, 2));
        batch.epoch = 2;
        submit(batch);
    }

    // ------------------------------------------------------------------------------------------------ revoking a key

    function signedBy(Batch memory batch, uint8 index, uint256 secret) private view returns (bytes memory) {
        return abi.encodePacked(index, sign(secret, "OracleNodeBatch", digestOf(batch)));
    }

    function test_revokeKey_OnlySigner_StopsAtOnceAndForGood() public {
        bytes32 key = keyOf(secrets[0]);
        registerSigner(9, secrets[0]);
        vm.prank(GUARDIAN);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.SignerRevoked(1, 0, key, GUARDIAN);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.SignerRevoked(2, 9, key, GUARDIAN);
        feeds.revokeKey(key);
        assertTrue(feeds.keyRevoked(key), "revoked");
        assertEq(feeds.signerKey(1, 0), bytes32(0), "current");
        assertEq(feeds.signerKey(2, 9), bytes32(0), "staged");
        (uint8 threshold, uint16 count, uint64 validUntil) = feeds.epochInfo(1);
        assertTrue(threshold == 1 && count == 0 && validUntil == type(uint64).max, "the epoch stays");
        Batch memory batch = batchOf(encode(shareRecord()));
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.UnknownSigner.selector, 1, 0));

        bytes memory proof = proofOf(secrets[0], 9);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.KeyRevoked.selector, key));
        feeds.registerSigner(9, key, proof);
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.KeyRevoked.selector, key));
        feeds.revokeKey(key);

        // Another key in its place: the first signer of the epoch's own word is that one.
        secrets[0]++;
        registerSigner(9, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, 0);
        batch.epoch = 2;
        bytes memory envelope = abi.encodePacked(prefixOf(batch, 1), signedBy(batch, 9, secrets[0]), runOf(batch));
        feeds.submit(envelope);
        assertStored(shareRecord(), SEQUENCE, share);
    }

    function test_revokeKey_NeverRegistered_Reverts() public {
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.KeyNotRegistered.selector, bytes32("key")));
        feeds.revokeKey("key");
    }

    function test_revokeKey_OneOfThree_OthersStillReachTheQuorum() public {
        for (uint256 i = 1; i < 3; i++) secrets.push(secrets[0] + i);
        for (uint8 i = 0; i < 3; i++) registerSigner(i, secrets[i]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 2, NOW + 60);
        bytes32 key = keyOf(secrets[0]);
        vm.prank(OWNER);
        feeds.revokeKey(key);

        Batch memory batch = batchOf(encode(shareRecord()));
        // In the epoch before it was the only signer.
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.UnknownSigner.selector, 1, 0));
        batch.epoch = 2;
        bytes memory a = signedBy(batch, 0, secrets[0]);
        bytes memory b = signedBy(batch, 1, secrets[1]);
        bytes memory c = signedBy(batch, 2, secrets[2]);
        bytes memory run = runOf(batch);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.UnknownSigner.selector, 2, 0));
        feeds.submit(abi.encodePacked(prefixOf(batch, 2), a, b, run));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.UnknownSigner.selector, 2, 0));
        feeds.submit(abi.encodePacked(prefixOf(batch, 3), a, b, c, run));
        feeds.submit(abi.encodePacked(prefixOf(batch, 2), b, c, run));
        assertStored(shareRecord(), SEQUENCE, share);

        // One more: too few are left.
        key = keyOf(secrets[1]);
        vm.prank(GUARDIAN);
        feeds.revokeKey(key);
        batch.sequence++;
        bytes memory alone = signedBy(batch, 2, secrets[2]);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.QuorumNotMet.selector, 1, 2));
        feeds.submit(abi.encodePacked(prefixOf(batch, 1), alone, run));
    }

    function test_discardSigner_First_TheOthersServe() public {
        secrets.push(secrets[0] + 1);
        registerSigner(0, secrets[0]);
        registerSigner(1, secrets[1]);
        vm.prank(OWNER);
        feeds.discardSigner(0);
        registerSigner(2, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 2, 0);
        Batch memory batch = batchOf(encode(shareRecord()));
        batch.epoch = 2;
        bytes memory envelope =
            abi.encodePacked(prefixOf(batch, 2), signedBy(batch, 1, secrets[1]), signedBy(batch, 2, secrets[0]), runOf(batch));
        feeds.submit(envelope);
        assertStored(shareRecord(), SEQUENCE, share);
    }

    function test_registerSigner_ProofOfAnActivatedEpoch_UselessForTheNext() public {
        bytes memory proof = proofOf(secrets[0], 0);
        bytes32 key = keyOf(secrets[0]);
        vm.prank(OWNER);
        feeds.registerSigner(0, key, proof);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, 0);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadProofOfPossession.selector, 3, 0, key));
        feeds.registerSigner(0, key, proof);
    }

    // ------------------------------------------------------------------------------------------------ quorum

    function test_quorum_TwoOfThree() public {
        for (uint256 i = 1; i < 3; i++) secrets.push(secrets[0] + i);
        registerSigner(0, secrets[0]);
        registerSigner(4, secrets[1]);
        registerSigner(255, secrets[2]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 2, 0);

        Batch memory batch = batchOf(encode(shareRecord()));
        batch.epoch = 2;
        bytes32 digest = digestOf(batch);
        bytes memory a = abi.encodePacked(uint8(0), sign(secrets[0], "OracleNodeBatch", digest));
        bytes memory b = abi.encodePacked(uint8(4), sign(secrets[1], "OracleNodeBatch", digest));
        bytes memory c = abi.encodePacked(uint8(255), sign(secrets[2], "OracleNodeBatch", digest));
        bytes memory run = runOf(batch);

        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.QuorumNotMet.selector, 1, 2));
        feeds.submit(abi.encodePacked(prefixOf(batch, 1), a, run));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.SignersNotAscending.selector, 0, 0));
        feeds.submit(abi.encodePacked(prefixOf(batch, 2), a, a, run));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.SignersNotAscending.selector, 255, 4));
        feeds.submit(abi.encodePacked(prefixOf(batch, 2), c, b, run));
        bytes memory forged = abi.encodePacked(uint8(255), sign(secrets[1], "OracleNodeBatch", digest));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadSignature.selector, 2, 255));
        feeds.submit(abi.encodePacked(prefixOf(batch, 2), a, forged, run));
        // One signature too many must be good as well.
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadSignature.selector, 2, 255));
        feeds.submit(abi.encodePacked(prefixOf(batch, 3), a, b, forged, run));

        feeds.submit(abi.encodePacked(prefixOf(batch, 2), b, c, run));
        assertStored(shareRecord(), SEQUENCE, share);
        batch.sequence++;
        digest = digestOf(batch);
        a = abi.encodePacked(uint8(0), sign(secrets[0], "OracleNodeBatch", digest));
        b = abi.encodePacked(uint8(4), sign(secrets[1], "OracleNodeBatch", digest));
        c = abi.encodePacked(uint8(255), sign(secrets[2], "OracleNodeBatch", digest));
        feeds.submit(abi.encodePacked(prefixOf(batch, 3), a, b, c, run));
    }

    function test_submit_BeforeAnyEpoch_Reverts() public {
        feeds = new OracleFeeds(DEPLOYMENT, OWNER, MAX_FUTURE, MAX_AGE);
        Batch memory batch = batchOf(encode(shareRecord()));
        for (uint32 epoch = 0; epoch < 2; epoch++) {
            batch.epoch = epoch;
            expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, epoch, 0));
            bytes memory unsigned = abi.encodePacked(prefixOf(batch, 0), runOf(batch));
            vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, epoch, 0));
            feeds.submit(unsigned);
        }
    }

    function test_submit_StagedEpoch_NotYetAccepted() public {
        registerSigner(0, secrets[0]);
        Batch memory batch = batchOf(encode(shareRecord()));
        batch.epoch = 2;
        expectSubmitRevert(batch, abi.encodeWithSelector(IOracleFeeds.WrongEpoch.selector, 2, 1));
    }

    // ------------------------------------------------------------------------------------------------ feeds

    function test_registerFeed_IdAndInfo_AsDocumented() public view {
        bytes32 expected = keccak256(
            abi.encodePacked("OracleNode feed v1", uint8(22), "figi:BBG000N9P426@XNAS", uint8(3), "USD", uint8(1), uint8(8))
        );
        assertEq(share, expected, "feed id");
        assertEq(feeds.feedIdByTag(uint64(bytes8(share))), share, "by tag");
        assertEq(feeds.feedIdByTag(1), bytes32(0), "no such tag");
        bytes32[] memory ids = feeds.feedIds();
        assertEq(ids.length, 2, "feeds");
        assertEq(ids[0], share, "first");
        assertEq(ids[1], token, "second");
        (uint8 unit, uint8 decimals, int64 min, int64 max, string memory description, bool detailed, uint16 rounds) = feeds.feedInfo(token);
        assertTrue(detailed, "detailed");
        assertEq(rounds, 0, "rounds");
        assertEq(unit, 2, "unit");
        assertEq(decimals, 8, "decimals");
        assertEq(min, 1e8, "min");
        assertEq(max, 10_000e8, "max");
        assertEq(description, "TSLA / USD", "description");
    }

    function test_registerFeed_BadArguments_Reverts() public {
        string memory long = string(new bytes(256));
        expectFeedRevert("", "USD", 1, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadTextLength.selector, 0, 1, 255));
        expectFeedRevert(long, "USD", 1, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadTextLength.selector, 256, 1, 255));
        expectFeedRevert("a", "", 1, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadTextLength.selector, 0, 1, 16));
        expectFeedRevert(
            "a", "12345678901234567", 1, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadTextLength.selector, 17, 1, 16)
        );
        expectFeedRevert("a", "USD", 1, 8, 1, 2, "", abi.encodeWithSelector(IOracleFeeds.BadTextLength.selector, 0, 1, 64));
        expectFeedRevert("a\n", "USD", 1, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.NotAscii.selector, 1, 10));
        expectFeedRevert("a", unicode"€", 1, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.NotAscii.selector, 0, 0xe2));
        expectFeedRevert("a", "USD", 1, 8, 1, 2, "d\x7f", abi.encodeWithSelector(IOracleFeeds.NotAscii.selector, 1, 0x7f));
        expectFeedRevert("a", "USD", 0, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadUnit.selector, 0));
        expectFeedRevert("a", "USD", 9, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadUnit.selector, 9));
        expectFeedRevert("a", "USD", 255, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadUnit.selector, 255));
        // Whoever registers a share cannot have it described as a token: the unit stands in parentheses, put there by the proxy.
        expectFeedRevert(
            "a", "USD", 1, 8, 1, 2, "d (RawToken)", abi.encodeWithSelector(IOracleFeeds.ParenthesisInDescription.selector, 2)
        );
        expectFeedRevert("a", "USD", 1, 8, 1, 2, "d)", abi.encodeWithSelector(IOracleFeeds.ParenthesisInDescription.selector, 1));
        expectFeedRevert("a", "USD", 1, 18, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadDecimals.selector, 18, 8));
        expectFeedRevert("a", "USD", 1, 8, 0, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadBounds.selector, 0, 2));
        expectFeedRevert("a", "USD", 1, 8, 3, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadBounds.selector, 3, 2));
        expectFeedRevert("a", "USD", 1, 8, -1, 2, "d", abi.encodeWithSelector(IOracleFeeds.BadBounds.selector, -1, 2));
        expectFeedRevert(
            "figi:BBG000N9P426@XNAS", "USD", 1, 8, 1, 2, "d", abi.encodeWithSelector(IOracleFeeds.DuplicateFeed.selector, share)
        );
    }

    function expectFeedRevert(
        string memory identity,
        string memory quote,
        uint8 unit,
        uint8 decimals,
        int64 min,
        int64 max,
        string memory description,
        bytes memory err
    ) private {
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.registerFeed(identity, quote, unit, decimals, min, max, false, description);
    }

    function test_registerFeed_LongestTexts_Accepted() public {
        bytes memory identity = new bytes(255);
        for (uint256 i = 0; i < 255; i++) identity[i] = "~";
        vm.prank(OWNER);
        bytes32 id = feeds.registerFeed(string(identity), "1234567890123456", 4, 8, 1, 1, false, " ");
        assertEq(
            id,
            keccak256(abi.encodePacked("OracleNode feed v1", uint8(255), identity, uint8(16), "1234567890123456", uint8(4), uint8(8))),
            "feed id"
        );
    }

    function test_registerFeed_TagTaken_Reverts() public {
        OracleFeedsWithIds with = new OracleFeedsWithIds();
        with.add(share);
        bytes32 other = share ^ bytes32(uint256(1));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.FeedTagCollision.selector, other, share));
        with.add(other);
        with.add(share ^ bytes32(uint256(1) << 192));
    }

    function test_registerFeed_MoreThanNumbersGo_Reverts() public {
        OracleFeedsWithIds with = new OracleFeedsWithIds();
        for (uint256 i = 1; i <= 1023; i++) with.add(bytes32(i << 192));
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.TooManyFeeds.selector, 1024));
        with.add(bytes32(uint256(1024) << 192));
        assertEq(with.feedIdByTag(1023), bytes32(uint256(1023) << 192), "the last one");
        assertEq(with.feedIdByTag(1024), bytes32(0), "not registered");
    }

    function testFuzz_setBounds_ThreeDigits_Exact(uint32 minMantissa, uint8 minExponent, uint32 maxMantissa, uint8 maxExponent) public {
        int64 min = int64(uint64(1 + minMantissa % 999)) * int64(uint64(10 ** (minExponent % 13)));
        int64 max = int64(uint64(1 + maxMantissa % 999)) * int64(uint64(10 ** (maxExponent % 13)));
        vm.assume(min <= max);
        vm.prank(OWNER);
        feeds.setBounds(share, min, max);
        (,, int64 gotMin, int64 gotMax,,,) = feeds.feedInfo(share);
        assertEq(gotMin, min, "min");
        assertEq(gotMax, max, "max");
        (,, gotMin, gotMax,,,) = feeds.feedInfo(token);
        assertEq(gotMin, 1e8, "the neighbour's min");
        assertEq(gotMax, 10_000e8, "the neighbour's max");
    }

    function test_setBounds_TooPrecise_Reverts() public {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BoundTooPrecise.selector, 1_025));
        feeds.setBounds(share, 1, 1_025);
    }

    function test_setBounds_BeyondWhatIsStored_Reverts() public {
        int64[3] memory tooHigh = [int64(1 << 52), 4_510_000_000_000_000, type(int64).max];
        for (uint256 i = 0; i < 3; i++) {
            vm.prank(OWNER);
            vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.BadLimit.selector, tooHigh[i], 5, (1 << 52) - 1));
            feeds.setBounds(share, 5, tooHigh[i]);
        }
        vm.prank(OWNER);
        feeds.setBounds(share, 5, 4_500_000_000_000_000);
    }

    function test_setBounds_FlagsStay() public {
        vm.prank(OWNER);
        feeds.setRounds(token, 2);
        vm.prank(GUARDIAN);
        feeds.pauseFeeds(only(token));
        vm.prank(OWNER);
        feeds.setBounds(token, 3, 4);
        IOracleFeeds.FeedData memory data = feeds.read(token);
        assertTrue(data.paused && data.isToken && data.detailed, "flags");
        (,, int64 min, int64 max,,, uint16 rounds) = feeds.feedInfo(token);
        assertTrue(min == 3 && max == 4 && rounds == 2, "bounds and rounds");
    }

    function test_setBounds_Changed_Applies() public {
        vm.prank(OWNER);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.BoundsSet(share, 321e8, 322e8);
        feeds.setBounds(share, 321e8, 322e8);
        expectSkip(encode(shareRecord()), IOracleFeeds.SkipReason.OutOfBounds);
    }

    function test_bounds_NineFeeds_EachItsOwn() public {
        bytes32[] memory ids = new bytes32[](9);
        for (uint256 i = 0; i < 9; i++) {
            vm.prank(OWNER);
            ids[i] = feeds.registerFeed(string.concat("figi:", vm.toString(i)), "USD", 1, 8, int64(uint64(1 + i)), int64(uint64(100 + i)), i % 3 == 0, "d");
        }
        for (uint256 i = 0; i < 9; i++) {
            (,, int64 min, int64 max,, bool detailed,) = feeds.feedInfo(ids[i]);
            assertTrue(detailed == (i % 3 == 0), "detailed");
            assertEq(min, int64(uint64(1 + i)), "min");
            assertEq(max, int64(uint64(100 + i)), "max");
        }
    }

    function test_pauseFeeds_SomeAlreadyPaused_PausesTheRest() public {
        vm.prank(GUARDIAN);
        feeds.pauseFeeds(only(share));
        bytes32[] memory all = feeds.feedIds();
        vm.prank(GUARDIAN);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.FeedPaused(token, GUARDIAN);
        feeds.pauseFeeds(all);
        assertTrue(feeds.read(share).paused && feeds.read(token).paused, "both paused");
    }

    function test_pauseAll_EveryFeed_ResumedOneByOne() public {
        bytes32[] memory ids = new bytes32[](7);
        for (uint256 i = 0; i < 7; i++) ids[i] = registerFeed(string.concat("figi:", vm.toString(i)), 1, i % 2 == 0);
        vm.prank(GUARDIAN);
        vm.expectEmit(address(feeds));
        emit IOracleFeeds.AllFeedsPaused(GUARDIAN);
        feeds.pauseAll();
        bytes32[] memory all = feeds.feedIds();
        assertEq(all.length, 9, "feeds");
        for (uint256 i = 0; i < 9; i++) assertTrue(feeds.read(all[i]).paused, "paused");
        // Registered after it: not concerned, though its place in the shared word was there already.
        assertFalse(feeds.read(registerFeed("figi:LATER", 1)).paused, "a later feed paused");
        vm.prank(OWNER);
        feeds.resumeFeeds(only(ids[3]));
        for (uint256 i = 0; i < 9; i++) assertTrue(feeds.read(all[i]).paused == (all[i] != ids[3]), "only that one resumed");
        // What it stores is as before.
        (,, int64 min, int64 max,, bool detailed,) = feeds.feedInfo(ids[2]);
        assertTrue(min == 1e8 && max == 10_000e8 && detailed, "bounds and detail");
    }

    function test_pauseAll_NoFeeds_Nothing() public {
        feeds = new OracleFeeds(DEPLOYMENT, OWNER, MAX_FUTURE, MAX_AGE);
        vm.prank(OWNER);
        feeds.pauseAll();
        assertFalse(feeds.read(registerFeed("figi:FIRST", 1)).paused, "a later feed paused");
    }

    function test_resumeFeeds_NotPaused_Reverts() public {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IOracleFeeds.FeedNotPaused.selector, share));
        feeds.resumeFeeds(only(share));
    }

    function test_feedFunctions_UnknownFeed_Reverts() public {
        bytes memory err = abi.encodeWithSelector(IOracleFeeds.UnknownFeed.selector, bytes32("?"));
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.setBounds("?", 1, 2);
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.pauseFeeds(only("?"));
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.resumeFeeds(only("?"));
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.setDetailed("?", true);
        vm.prank(OWNER);
        vm.expectRevert(err);
        feeds.setRounds("?", 1);
    }
}
