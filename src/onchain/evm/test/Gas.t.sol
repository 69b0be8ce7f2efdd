// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ed25519} from "../src/Ed25519.sol";
import {Ed25519Key} from "../src/Ed25519Key.sol";
import {FeedProxy} from "../src/FeedProxy.sol";
import {OracleFeeds} from "../src/OracleFeeds.sol";
import {Batches} from "./Batches.sol";

/// @notice Whole transactions as a chain charges them: 21,000 and calldata, storage cold, the third update of every feed.
///         Runs under the profile `gas`, which makes each call a transaction; `snapshots/` is the committed report and
///         FORGE_SNAPSHOT_CHECK=true fails on any change.
contract GasTest is Batches {
    bytes32[] private ids;

    function setUp() public {
        deployWithSignerAndFeeds();
        for (uint256 i = 0; i < 50; i++) ids.push(registerFeed(string.concat("figi:GAS", vm.toString(i)), 1));
    }

    function record(uint256 i, uint256 update, bool full) private view returns (bytes memory) {
        Record memory r = shareRecordOf(ids[i]);
        // What moves from one update to the next.
        r.price += int64(uint64(update * 1_000_003 + i));
        r.observedAt += uint48(update * 1000);
        if (full) {
            r.bid -= int48(uint48(update * 7));
            r.ask += int48(uint48(update * 5));
            r.ema += int48(uint48(update * 3));
        } else {
            (r.bid, r.ask, r.ema) = (ABSENT, ABSENT, ABSENT);
        }
        return encode(r);
    }

    function measure(uint256 count, bool full) private returns (uint256 used, uint256 calldataBytes) {
        for (uint256 update = 1; update <= 3; update++) {
            bytes[] memory records = new bytes[](count);
            for (uint256 i = 0; i < count; i++) records[i] = record(i, update, full);
            Batch memory batch = batchOf(records);
            batch.sequence = (uint64(NOW_MILLIS) + uint64(update) * 1000) * 16;
            bytes memory envelope = envelopeOf(batch);
            vm.warp(NOW + update);
            feeds.submit(envelope);
            used = vm.lastCallGas().gasTotalUsed;
            calldataBytes = abi.encodeCall(feeds.submit, (envelope)).length;
            for (uint256 i = 0; i < count; i++) assertEq(feeds.read(ids[i]).sequence, batch.sequence, "stored");
        }
    }

    function test_submit_Gas() public {
        uint256[4] memory counts = [uint256(1), 5, 20, 50];
        for (uint256 i = 0; i < 4; i++) {
            string memory feedsOf = string.concat(counts[i] < 10 ? " " : "", vm.toString(counts[i]), " feeds");
            (uint256 used, uint256 bytes_) = measure(counts[i], true);
            vm.snapshotValue("submit", string.concat(feedsOf, ", all fields move"), used);
            vm.snapshotValue("submit", string.concat(feedsOf, ", calldata bytes"), bytes_);
            // What follows starts anew, so that every measured update is a feed's third.
            setUp2();
            (used,) = measure(counts[i], false);
            vm.snapshotValue("submit", string.concat(feedsOf, ", price and time move"), used);
            setUp2();
        }
    }

    function setUp2() private {
        delete ids;
        delete secrets;
        setUp();
    }

    function test_setUp_Gas() public {
        uint256 before = gasleft();
        new OracleFeeds(DEPLOYMENT, OWNER, MAX_FUTURE, MAX_AGE);
        vm.snapshotValue("administration", "deployment, without calldata", before - gasleft());
        registerSigner(9, secrets[0] + 9);
        vm.snapshotValue("administration", "registerSigner, new key", vm.lastCallGas().gasTotalUsed);
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, 0);
        vm.snapshotValue("administration", "activateEpoch", vm.lastCallGas().gasTotalUsed);
        registerFeed("figi:BBG000BDTBL9@ARCX", 1);
        vm.snapshotValue("administration", "registerFeed", vm.lastCallGas().gasTotalUsed);
    }

    /// @dev As a transaction (a static call is not made one), less the 21,000: what a consumer's first read costs it.
    function gasOf(address target, bytes memory data) private returns (uint256) {
        (bool ok,) = target.call(data);
        assertTrue(ok, "call");
        return vm.lastCallGas().gasTotalUsed - 21_000;
    }

    function test_read_Gas() public {
        submit(batchOf(encode(shareRecord())));
        address proxy = feeds.feedProxy(share);
        vm.snapshotValue("reading", "latestRoundData, cold", gasOf(proxy, abi.encodeCall(FeedProxy.latestRoundData, ())));
        vm.snapshotValue("reading", "read, cold", gasOf(address(feeds), abi.encodeCall(feeds.read, (share))));
    }

    function test_verify_Gas() public {
        Ed25519 ed25519 = Ed25519(feeds.ed25519());
        bytes32 digest = keccak256("message");
        (bytes32 r, bytes32 s) = abi.decode(sign(secrets[0], "OracleNodeBatch", digest), (bytes32, bytes32));
        Ed25519Key verifier = Ed25519Key(ed25519.registered(keyOf(secrets[0])));
        assertTrue(verifier.verify("OracleNodeBatch", digest, r, s), "valid");
        bytes memory call = abi.encodeCall(Ed25519Key.verify, ("OracleNodeBatch", digest, r, s));
        vm.snapshotValue("verification", "one signature, cold, with its calldata", gasOf(address(verifier), call));
    }
}
