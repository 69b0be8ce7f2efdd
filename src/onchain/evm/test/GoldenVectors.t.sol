// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ed25519} from "../src/Ed25519.sol";
import {Ed25519Key} from "../src/Ed25519Key.sol";
import {Envelope} from "../src/Envelope.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {OracleFeeds} from "../src/OracleFeeds.sol";
import {Batches} from "./Batches.sol";
import {Ed25519Parts} from "./Ed25519Parts.sol";

/// @notice The vectors that C#, Solidity and the Solana program agree on, `tests/vectors/batches.json`.
contract GoldenVectorsTest is Batches {
    string private constant PATH = "../../../tests/vectors/batches.json";
    /// The contract and chain that the proofs of possession name.
    address private constant CONTRACT = address(0x0102030405060708090a0B0c0d0e0f1011121314);
    uint256 private constant CHAIN = 42161;

    string private json;

    function setUp() public {
        json = vm.readFile(PATH);
        vm.chainId(CHAIN);
        vm.warp(1_781_098_200);
        feeds = deployTo(CONTRACT, uint64(bytes8(vm.parseJsonBytes(json, ".deployment.id"))));
        vm.prank(OWNER);
        feeds.registerSigner(0, vm.parseJsonBytes32(json, ".proofs[0].publicKey"), vm.parseJsonBytes(json, ".proofs[0].signature"));
        vm.prank(OWNER);
        feeds.activateEpoch(1, 1, 0);
        for (uint256 i = 0; has(".feeds", i); i++) {
            vm.prank(OWNER);
            feeds.registerFeed(
                vm.parseJsonString(json, item(".feeds", i, "identity")),
                vm.parseJsonString(json, item(".feeds", i, "quote")),
                uint8(vm.parseJsonUint(json, item(".feeds", i, "unit"))),
                uint8(vm.parseJsonUint(json, item(".feeds", i, "decimals"))),
                1,
                4_500_000_000_000_000,
                true,
                vm.parseJsonString(json, item(".feeds", i, "name"))
            );
        }
    }

    /// @dev Runs the constructor at an address of our choice.
    function deployTo(address target, uint64 deployment) private returns (OracleFeeds) {
        vm.etch(target, abi.encodePacked(vm.getCode("OracleFeeds.sol:OracleFeeds"), abi.encode(deployment, OWNER, MAX_FUTURE, MAX_AGE)));
        (bool ok, bytes memory code) = target.call("");
        assertTrue(ok, "constructor");
        vm.etch(target, code);
        return OracleFeeds(target);
    }

    function item(string memory list, uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(list, "[", vm.toString(i), "].", field);
    }

    function has(string memory list, uint256 i) private view returns (bool) {
        return vm.keyExistsJson(json, string.concat(list, "[", vm.toString(i), "]"));
    }

    function warpTo(uint64 sequence) private {
        vm.warp(sequence / 16_000);
    }

    function test_feedIds_EqualTheVectors() public view {
        bytes32[] memory ids = feeds.feedIds();
        assertTrue(ids.length >= 5, "feeds");
        for (uint256 i = 0; i < ids.length; i++) {
            assertEq(ids[i], vm.parseJsonBytes32(json, item(".feeds", i, "feedId")), "feed id");
            uint64 tag = uint64(bytes8(vm.parseJsonBytes(json, item(".feeds", i, "feedTag"))));
            assertEq(feeds.feedIdByTag(tag), ids[i], "id by tag");
        }
    }

    function test_batches_OpenedAsSigned() public view {
        uint256 runs = 0;
        for (uint256 i = 0; has(".batches", i); i++) {
            bytes32 digest = vm.parseJsonBytes32(json, item(".batches", i, "headerHash"));
            bytes memory message = vm.parseJsonBytes(json, item(".batches", i, "message"));
            assertEq(message, abi.encodePacked("OracleNodeBatch", digest), "message");
            assertEq(this.digestOfEnvelope(vm.parseJsonBytes(json, item(".batches", i, "envelope"))), digest, "whole batch");
            assertEq(keccak256(vm.parseJsonBytes(json, item(".batches", i, "header"))), digest, "header");
            for (uint256 j = 0; has(item(".batches", i, "runs"), j); j++) {
                bytes memory run = vm.parseJsonBytes(json, item(item(".batches", i, "runs"), j, "envelope"));
                assertEq(this.digestOfEnvelope(run), digest, "run");
                runs++;
            }
        }
        assertTrue(runs >= 20, "runs");
    }

    function digestOfEnvelope(bytes calldata envelope) external pure returns (bytes32) {
        return Envelope.open(envelope).digest;
    }

    function test_batches_WholeBatchStoredAndReadBackExactly() public {
        uint256 stored = 0;
        for (uint256 i = 0; has(".batches", i); i++) {
            uint64 sequence = uint64(vm.parseJsonUint(json, item(".batches", i, "sequence")));
            warpTo(sequence);
            uint256[] memory records = vm.parseJsonUintArray(json, item(".batches", i, "records"));
            IOracleFeeds.FeedData[] memory before = new IOracleFeeds.FeedData[](records.length);
            for (uint256 j = 0; j < records.length; j++) before[j] = feeds.read(feedOf(records[j]));
            bytes memory envelope = vm.parseJsonBytes(json, item(".batches", i, "envelope"));
            feeds.submit(envelope);
            for (uint256 j = 0; j < records.length; j++) {
                IOracleFeeds.FeedData memory data = feeds.read(feedOf(records[j]));
                // A vector of the whole range may lie before what an earlier batch stored for the same feed.
                if (vm.parseJsonUint(json, item(".records", records[j], "observedAt")) < before[j].observedAtMillis) {
                    assertEq(encodeStored(data), encodeStored(before[j]), "unchanged");
                    continue;
                }
                assertEq(data.sequence, sequence, "sequence");
                assertEq(encodeStored(data), vm.parseJsonBytes(json, item(".records", records[j], "encoded")), "record");
                assertFields(data, records[j]);
                stored++;
            }
            vm.expectPartialRevert(IOracleFeeds.NothingStored.selector);
            feeds.submit(envelope);
        }
        assertTrue(stored >= 15, "records stored");
    }

    function feedOf(uint256 record) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, item(".feeds", vm.parseJsonUint(json, item(".records", record, "feed")), "feedId"));
    }

    /// @dev The fields by name, apart from their bytes.
    function assertFields(IOracleFeeds.FeedData memory d, uint256 i) private view {
        assertEq(d.price, vm.parseJsonInt(json, item(".records", i, "price")), "price");
        assertEq(d.confidence, vm.parseJsonUint(json, item(".records", i, "confidence")), "confidence");
        assertEq(d.session, vm.parseJsonUint(json, item(".records", i, "session")), "session");
        assertEq(d.closedReason, vm.parseJsonUint(json, item(".records", i, "closedReason")), "closedReason");
        assertEq(d.haltReason, vm.parseJsonUint(json, item(".records", i, "haltReason")), "haltReason");
        assertEq(d.state, vm.parseJsonUint(json, item(".records", i, "state")), "state");
        assertEq(d.holdReasons, vm.parseJsonUint(json, item(".records", i, "holdReasons")), "holdReasons");
        assertEq(d.sourcesUsed, vm.parseJsonUint(json, item(".records", i, "sourcesUsed")), "sourcesUsed");
        assertEq(d.sourcesRejected, vm.parseJsonUint(json, item(".records", i, "sourcesRejected")), "sourcesRejected");
        assertEq(d.upstreams, vm.parseJsonUint(json, item(".records", i, "upstreams")), "upstreams");
        assertEq(d.observedAtMillis, vm.parseJsonUint(json, item(".records", i, "observedAt")), "observedAt");
        assertEq(d.nextChangeAt, vm.parseJsonUint(json, item(".records", i, "nextChangeAt")), "nextChangeAt");
        assertEq(d.maxAge, vm.parseJsonUint(json, item(".records", i, "maxAge")), "maxAge");
        assertEq(d.unit, vm.parseJsonUint(json, item(".feeds", vm.parseJsonUint(json, item(".records", i, "feed")), "unit")), "unit");
        if (!d.isToken) return;
        assertEq(d.multiplier, vm.parseJsonUint(json, item(".records", i, "multiplier")), "multiplier");
        assertEq(d.nextMultiplier, vm.parseJsonUint(json, item(".records", i, "nextMultiplier")), "nextMultiplier");
        assertEq(d.activation, vm.parseJsonUint(json, item(".records", i, "activation")), "activation");
        assertEq(d.underlyingPrice, vm.parseJsonInt(json, item(".records", i, "underlying")), "underlying");
    }

    function test_batches_EveryRunStored() public {
        for (uint256 i = 0; has(".batches", i); i++) {
            warpTo(uint64(vm.parseJsonUint(json, item(".batches", i, "sequence"))));
            string memory runs = item(".batches", i, "runs");
            for (uint256 j = 0; has(runs, j); j++) {
                // Later runs hold feeds that earlier ones stored: what counts is that the signature is accepted.
                bytes memory run = vm.parseJsonBytes(json, item(runs, j, "envelope"));
                (bool ok, bytes memory err) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (run)));
                if (!ok) assertEq(bytes32(bytes4(err)), bytes32(IOracleFeeds.NothingStored.selector), "refused");
                if (j == 0) assertTrue(ok, "first run");
            }
        }
    }

    function test_badRecords_NoneStored() public {
        secrets.push(uint256(keccak256("golden")) % L);
        signing = Ed25519Parts(create("Ed25519Parts.sol:Ed25519Parts", ""));
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, 0);

        uint256 i = 0;
        for (; has(".badRecords", i); i++) {
            bytes memory record = vm.parseJsonBytes(json, item(".badRecords", i, "encoded"));
            Batch memory batch = batchOf(record);
            batch.deployment = feeds.deployment();
            batch.epoch = 2;
            bytes memory envelope = envelopeOf(batch);
            (bool ok,) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
            assertFalse(ok, vm.parseJsonString(json, item(".badRecords", i, "name")));
        }
        assertTrue(i >= 20, "bad records");
        // The same way, a good one is stored.
        Batch memory good = batchOf(vm.parseJsonBytes(json, ".records[0].encoded"));
        good.deployment = feeds.deployment();
        good.epoch = 2;
        feeds.submit(envelopeOf(good));
    }

    function test_badEnvelopes_AllRevert() public {
        warpTo(uint64(vm.parseJsonUint(json, ".batches[0].sequence")));
        uint256 i = 0;
        for (; has(".badEnvelopes", i); i++) {
            bytes memory envelope = vm.parseJsonBytes(json, item(".badEnvelopes", i, "envelope"));
            (bool ok, bytes memory err) = address(feeds).call(abi.encodeCall(IOracleFeeds.submit, (envelope)));
            assertFalse(ok, vm.parseJsonString(json, item(".badEnvelopes", i, "name")));
            assertTrue(bytes4(err) != IOracleFeeds.NothingStored.selector, "refused as a whole");
        }
        assertTrue(i >= 10, "bad envelopes");
    }

    function test_proofs_MessagesEqualAndVerify() public {
        Ed25519 ed25519 = Ed25519(feeds.ed25519());
        uint256 ours = 0;
        for (uint256 i = 0; has(".proofs", i); i++) {
            bytes32 key = vm.parseJsonBytes32(json, item(".proofs", i, "publicKey"));
            bytes memory signature = vm.parseJsonBytes(json, item(".proofs", i, "signature"));
            uint8 index = uint8(vm.parseJsonUint(json, item(".proofs", i, "signerIndex")));
            uint32 epoch = uint32(vm.parseJsonUint(json, item(".proofs", i, "epoch")));
            bytes32 digest = feeds.proofDigest(epoch, index, key);
            bool evm = vm.parseJsonUint(json, item(".proofs", i, "kind")) == 1;
            bytes memory message = vm.parseJsonBytes(json, item(".proofs", i, "message"));
            assertTrue((keccak256(message) == keccak256(abi.encodePacked("OracleNodeProof", digest))) == evm, "message");
            (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
            assertTrue(Ed25519Key(ed25519.register(key)).verify("OracleNodeProof", digest, r, s) == evm, "proof");
            ours += evm ? 1 : 0;
        }
        assertEq(ours, 2, "EVM proofs");
    }
}
