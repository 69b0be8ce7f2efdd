// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ed25519} from "../src/Ed25519.sol";
import {Ed25519Key} from "../src/Ed25519Key.sol";
import {FeedProxy} from "../src/FeedProxy.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {Batches} from "./Batches.sol";

/// @notice Whole transactions as a chain charges them: 21,000 and calldata, storage cold, the third update of every feed.
///         Runs under the profile `gas`, which makes each call a transaction; `snapshots/` is the committed report and
///         FORGE_SNAPSHOT_CHECK=true fails on any change.
contract GasTest is Batches {
    uint256 private constant TRANSACTION_LIMIT = 1 << 24; // EIP-7825

    bytes32[] private plain50;
    bytes32[] private detailed50;
    bytes32[] private tokens;

    function setUp() public {
        deployWithSignerAndFeeds();
        for (uint256 i = 0; i < 50; i++) plain50.push(registerFeed(string.concat("figi:PLAIN", vm.toString(i)), 1, false));
        for (uint256 i = 0; i < 50; i++) detailed50.push(registerFeed(string.concat("figi:DETAILED", vm.toString(i)), 1, true));
        for (uint256 i = 0; i < 5; i++) tokens.push(registerFeed(string.concat("figi:TOKEN", vm.toString(i)), 2, false));
    }

    /// @dev Prices, spreads and times as different from each other, and from one update to the next, as a market's.
    function record(bytes32 feedId, uint256 update) private view returns (bytes memory) {
        uint256 level = 20e8 + uint256(keccak256(abi.encode(feedId))) % 900e8;
        uint256 moved = uint256(keccak256(abi.encode(feedId, update)));
        Record memory r = feeds.read(feedId).isToken ? tokenRecordOf(feedId) : shareRecordOf(feedId);
        r.price = int64(uint64(level + moved % (level / 100)));
        r.confidence = uint48(level / 8000 + (moved >> 32) % (level / 8000));
        r.bid = -int48(uint48((moved >> 64) % (level / 8000)));
        r.ask = int48(uint48((moved >> 96) % (level / 8000)));
        r.ema = int48(uint48((moved >> 128) % (level / 200))) - int48(uint48(level / 400));
        r.observedAt = uint48(NOW_MILLIS + update * 1000 - 50 - (moved >> 160) % 400);
        // What else the hot word holds.
        r.session = uint8(1 + update);
        r.haltReason = uint8(update);
        r.state = uint8(update);
        r.holdReasons = uint32(1 << update);
        r.nextChangeAt += uint40(update * 60);
        r.maxAge += uint32(update);
        (r.sourcesUsed, r.sourcesRejected) = (uint8(4 + update % 3), uint8(update % 2));
        if (r.kind == 2) r.underlying = r.price - 1_000_003;
        return encode(r);
    }

    /// @param run How many records of the batch are sent; 0 = all.
    function measure(bytes32[] memory ids, uint256 count, uint256 run) private returns (uint256 used, bytes memory call) {
        uint256 state = vm.snapshotState();
        for (uint256 update = 1; update <= 3; update++) {
            bytes[] memory records = new bytes[](count);
            for (uint256 i = 0; i < count; i++) records[i] = record(ids[i], update);
            Batch memory batch = batchOf(records);
            if (run != 0) batch.level = 0;
            batch.sequence = (uint64(NOW_MILLIS) + uint64(update) * 1000) * 16;
            call = abi.encodeCall(feeds.submit, (envelopeOf(batch)));
            vm.warp(NOW + update);
            (bool ok,) = address(feeds).call(call);
            assertTrue(ok, "submit");
            used = vm.lastCallGas().gasTotalUsed;
            for (uint256 i = 0; i < (run != 0 ? run : count); i++) assertEq(feeds.read(ids[i]).sequence, batch.sequence, "stored");
        }
        vm.revertToState(state);
    }

    function test_submit_Gas() public {
        uint256[4] memory counts = [uint256(1), 5, 20, 50];
        uint256[4] memory budgets = [uint256(115_000), 150_000, 265_000, 490_000];
        string memory calls = "{";
        uint256 before = 0;
        for (uint256 i = 0; i < 4; i++) {
            string memory feedsOf = string.concat(counts[i] < 10 ? " " : "", vm.toString(counts[i]), " feeds");
            (uint256 used, bytes memory call) = measure(plain50, counts[i], 0);
            vm.snapshotValue("submit", string.concat(feedsOf, ", hot word only"), used);
            vm.snapshotValue("submit", string.concat(feedsOf, ", calldata bytes"), call.length);
            assertTrue(used <= budgets[i], string.concat("within the budget: ", feedsOf));
            if (i != 0) assertTrue(call.length - before <= 80 * (counts[i] - counts[i - 1]), "80 bytes per further feed");
            before = call.length;
            calls = string.concat(calls, i == 0 ? "" : ",", '\n  "', vm.toString(counts[i]), '": "', vm.toString(call), '"');
            (used,) = measure(detailed50, counts[i], 0);
            vm.snapshotValue("submit", string.concat(feedsOf, ", detailed"), used);
        }
        // For calldata.mjs.
        vm.writeFile("snapshots/calls.json", string.concat(calls, "\n}\n"));
    }

    function test_submitTokens_Gas() public {
        (uint256 used,) = measure(tokens, 1, 0);
        vm.snapshotValue("submit", " 1 token, hot word and terms", used);
        (used,) = measure(tokens, 5, 0);
        vm.snapshotValue("submit", " 5 tokens, hot word and terms", used);
    }

    function test_submitWithRounds_Gas() public {
        for (uint256 i = 0; i < 20; i++) {
            vm.prank(OWNER);
            feeds.setRounds(plain50[i], 2);
        }
        // The first record opens a round, the second one keeps it. So with two places the third writes one that is still free,
        // with one place it writes over what is there, as all do later on.
        uint256[2] memory counts = [uint256(1), 20];
        for (uint256 i = 0; i < 2; i++) {
            (uint256 used,) = measure(plain50, counts[i], 0);
            string memory feedsOf = string.concat(counts[i] < 10 ? " " : "", vm.toString(counts[i]), " feeds");
            vm.snapshotValue("submit", string.concat(feedsOf, ", hot word and a round into a free place"), used);
        }
        for (uint256 i = 0; i < 20; i++) {
            vm.prank(OWNER);
            feeds.setRounds(plain50[i], 1);
        }
        for (uint256 i = 0; i < 2; i++) {
            (uint256 used,) = measure(plain50, counts[i], 0);
            string memory feedsOf = string.concat(counts[i] < 10 ? " " : "", vm.toString(counts[i]), " feeds");
            vm.snapshotValue("submit", string.concat(feedsOf, ", hot word and a round"), used);
        }
    }

    function test_submitWithPath_Gas() public {
        (uint256 used, bytes memory call) = measure(plain50, 16, 1);
        vm.snapshotValue("submit", " 1 feed out of 16, by its path", used);
        vm.snapshotValue("submit", " 1 feed out of 16, calldata bytes", call.length);
        bytes32[] memory ids = new bytes32[](64);
        for (uint256 i = 0; i < 64; i++) ids[i] = i < 50 ? plain50[i] : detailed50[i - 50];
        (used, call) = measure(ids, 64, 1);
        vm.snapshotValue("submit", " 1 feed out of 64, by its path", used);
        vm.snapshotValue("submit", " 1 feed out of 64, calldata bytes", call.length);
    }

    function test_setUp_Gas() public {
        bytes memory arguments = abi.encode(DEPLOYMENT, OWNER, MAX_FUTURE, MAX_AGE);
        uint256 before = gasleft();
        create("OracleFeeds.sol:OracleFeeds", arguments);
        uint256 used = before - gasleft();
        vm.snapshotValue("administration", "deployment, without calldata", used);
        // Were every byte of it not zero.
        uint256 calldataGas = 16 * (vm.getCode("OracleFeeds.sol:OracleFeeds").length + arguments.length);
        assertTrue(used + 21_000 + calldataGas <= TRANSACTION_LIMIT, "deployment fits into a transaction");

        registerSigner(9, secrets[0] + 9);
        note("registerSigner, new key");
        vm.prank(OWNER);
        feeds.activateEpoch(2, 1, 0);
        note("activateEpoch");
        registerFeed("figi:BBG000BDTBL9@ARCX", 1);
        note("registerFeed");
        vm.prank(OWNER);
        feeds.setBounds(share, 1e8, 2e8);
        note("setBounds");
        vm.prank(OWNER);
        feeds.setRounds(share, 8);
        note("setRounds");
        vm.prank(GUARDIAN);
        feeds.pauseFeeds(only(share));
        note("pauseFeeds, 1 feed");
        vm.prank(GUARDIAN);
        feeds.pauseAll();
        note("pauseAll, 108 feeds");
        bytes32 key = keyOf(secrets[0] + 9);
        vm.prank(GUARDIAN);
        feeds.revokeKey(key);
        note("revokeKey");
        vm.prank(GUARDIAN);
        feeds.revokeEpoch(2);
        note("revokeEpoch");
    }

    function note(string memory name) private {
        vm.snapshotValue("administration", name, vm.lastCallGas().gasTotalUsed);
    }

    /// @dev As a transaction (a static call is not made one), less the 21,000: what a consumer's first read costs it.
    function gasOf(address target, bytes memory data) private returns (uint256) {
        (bool ok,) = target.call(data);
        assertTrue(ok, "call");
        return vm.lastCallGas().gasTotalUsed - 21_000;
    }

    function test_read_Gas() public {
        address proxy = feeds.feedProxy(share);
        submit(encode(shareRecord()), uint64(NOW_MILLIS) * 16);
        submit(encode(shareRecordOf(plain50[0])), uint64(NOW_MILLIS) * 16);
        vm.snapshotValue("reading", "latestRoundData, cold", gasOf(proxy, abi.encodeCall(FeedProxy.latestRoundData, ())));
        vm.snapshotValue("reading", "read, hot word only, cold", gasOf(address(feeds), abi.encodeCall(feeds.read, (plain50[0]))));
        vm.snapshotValue("reading", "read, detailed, cold", gasOf(address(feeds), abi.encodeCall(feeds.read, (share))));

        vm.prank(OWNER);
        feeds.setRounds(share, 2);
        Record memory r = shareRecord();
        r.observedAt++;
        submit(encode(r), uint64(NOW_MILLIS) * 16 + 1);
        vm.snapshotValue("reading", "latestRoundData, with a ring, cold", gasOf(proxy, abi.encodeCall(FeedProxy.latestRoundData, ())));
        bytes memory past = abi.encodeCall(FeedProxy.getRoundData, (uint80(shareRecord().observedAt)));
        vm.snapshotValue("reading", "getRoundData, a past round, cold", gasOf(proxy, past));
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
