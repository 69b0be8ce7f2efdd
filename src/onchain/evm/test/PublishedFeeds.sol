// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {Batches} from "./Batches.sol";
import {Test} from "./Test.sol";

/// @notice A real OracleFeeds with a signer, a share feed and a token feed, for tests of those who read them. A contract of
///         its own, taken by `ReadsPublishedFeeds` from its artifact, so that each test contract need not contain the
///         verifier and all that signs.
contract PublishedFeeds is Batches {
    uint64 private _sequence;

    constructor() {
        deployWithSignerAndFeeds();
    }

    function oracle() external view returns (IOracleFeeds) {
        return feeds;
    }

    function shareId() external view returns (bytes32) {
        return share;
    }

    function tokenId() external view returns (bytes32) {
        return token;
    }

    /// @notice A record of the token feed that every policy accepts now: 320.415, give or take 0.0125.
    function goodToken() external view returns (Record memory r) {
        r = tokenRecord();
        (r.nextMultiplier, r.activation) = (0, 0);
        _now(r);
    }

    /// @notice A feed of that unit beside the two.
    function register(uint8 unit) external returns (bytes32) {
        return registerFeed(string.concat("figi:BBG000N9P426@XNAS;unit:", vm.toString(unit)), unit);
    }

    /// @notice A record that every policy accepts now, of a feed of that unit.
    function goodOf(bytes32 feedId, uint8 unit) external view returns (Record memory r) {
        bool hasTerms = unit == 2 || unit == 3 || unit == 4 || unit == 6;
        r = hasTerms ? tokenRecordOf(feedId) : shareRecordOf(feedId);
        (r.nextMultiplier, r.activation) = (0, 0);
        _now(r);
    }

    /// @notice The same of the share feed.
    function goodShare() external view returns (Record memory r) {
        r = shareRecord();
        _now(r);
    }

    function _now(Record memory r) private view {
        r.observedAt = uint48(block.timestamp * 1000 - 437);
        r.nextChangeAt = uint40(block.timestamp + 23_400);
    }

    /// @notice Signs and submits it, attested now.
    function publish(Record calldata r) external {
        publish(r, uint64(block.timestamp) * 1000);
    }

    function publish(Record calldata r, uint64 attestedAtMillis) public {
        submit(encode(r), _next(attestedAtMillis));
    }

    /// @notice A signed envelope with this record alone, not submitted.
    function envelope(Record calldata r) external returns (bytes memory) {
        Batch memory batch = batchOf(encode(r));
        batch.sequence = _next(uint64(block.timestamp) * 1000);
        return envelopeOf(batch);
    }

    function pause(bytes32 feedId) external {
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = feedId;
        vm.prank(GUARDIAN);
        feeds.pauseFeeds(ids);
    }

    function _next(uint64 attestedAtMillis) private returns (uint64) {
        uint64 sequence = attestedAtMillis * 16;
        _sequence = sequence > _sequence ? sequence : _sequence + 1;
        return _sequence;
    }
}

/// @notice What tests of consumers begin with.
abstract contract ReadsPublishedFeeds is Test {
    PublishedFeeds internal published;
    IOracleFeeds internal feeds;
    bytes32 internal share;
    bytes32 internal token;

    function setUpFeeds() internal {
        bytes memory code = vm.getCode("PublishedFeeds.sol:PublishedFeeds");
        address created;
        assembly ("memory-safe") {
            created := create(0, add(code, 0x20), mload(code))
        }
        assertTrue(created != address(0), "PublishedFeeds created");
        published = PublishedFeeds(created);
        feeds = published.oracle();
        share = published.shareId();
        token = published.tokenId();
    }
}
