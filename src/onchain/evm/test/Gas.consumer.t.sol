// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorInterface} from "../src/AggregatorV3Interface.sol";
import {FeedUnit} from "../src/FeedUnit.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {IPyth} from "../src/IPyth.sol";
import {OracleConsumer} from "../src/OracleConsumer.sol";
import {PythFeeds} from "../src/PythFeeds.sol";
import {Batches} from "./Batches.sol";
import {ReadsPublishedFeeds} from "./PublishedFeeds.sol";

contract AskingProtocol {
    IOracleFeeds private immutable _feeds;
    bytes32 private immutable _feedId;
    uint8 private immutable _unit;

    constructor(IOracleFeeds feeds, bytes32 feedId, uint8 unit) {
        (_feeds, _feedId, _unit) = (feeds, feedId, unit);
    }

    function collateralPrice() external view returns (uint256) {
        return OracleConsumer.collateralPrice(
            OracleConsumer.requireUsable(_feeds, _feedId, OracleConsumer.defaultPolicy(_unit))
        );
    }
}

/// @notice What a read costs a consumer: as a transaction of its own, all cold, less the 21,000.
contract ConsumerGasTest is ReadsPublishedFeeds {
    function setUp() public {
        setUpFeeds();
        published.publish(published.goodShare());
        published.publish(published.goodToken());
    }

    function gasOf(address target, bytes memory data) private returns (uint256) {
        (bool ok,) = target.call(data);
        assertTrue(ok, "call");
        return vm.lastCallGas().gasTotalUsed - 21_000;
    }

    function test_reading_Gas() public {
        bytes memory ask = abi.encodeCall(AskingProtocol.collateralPrice, ());
        vm.snapshotValue("consumer", "requireUsable, share feed", gasOf(address(new AskingProtocol(feeds, share, FeedUnit.UNDERLYING_SHARE)), ask));
        address asking = address(new AskingProtocol(feeds, token, FeedUnit.RAW_TOKEN));
        vm.snapshotValue("consumer", "requireUsable, token feed", gasOf(asking, ask));
        address pyth = address(new PythFeeds(feeds));
        vm.snapshotValue("consumer", "Pyth getPriceUnsafe", gasOf(pyth, abi.encodeCall(IPyth.getPriceUnsafe, (share))));
        vm.snapshotValue("consumer", "Pyth getPriceNoOlderThan", gasOf(pyth, abi.encodeCall(IPyth.getPriceNoOlderThan, (share, 60))));
        vm.snapshotValue("consumer", "Pyth getEmaPriceUnsafe", gasOf(pyth, abi.encodeCall(IPyth.getEmaPriceUnsafe, (share))));
        vm.snapshotValue(
            "consumer", "latestAnswer", gasOf(feeds.feedProxy(share), abi.encodeCall(AggregatorInterface.latestAnswer, ()))
        );
        // A small dividend is staged: what it costs to look at it and pass.
        Batches.Record memory staged = published.goodToken();
        (staged.nextMultiplier, staged.activation) = (staged.multiplier + 1e15, uint40(block.timestamp + 60));
        published.publish(staged);
        vm.snapshotValue("consumer", "requireUsable, token feed, a step staged", gasOf(asking, ask));
    }

    function test_updating_Gas() public {
        address pyth = address(new PythFeeds(feeds));
        bytes[] memory updates = new bytes[](1);
        vm.warp(block.timestamp + 10);
        updates[0] = published.envelope(published.goodShare());
        vm.snapshotValue(
            "consumer", "Pyth updatePriceFeeds, 1 feed", gasOf(pyth, abi.encodeCall(IPyth.updatePriceFeeds, (updates))) + 21_000
        );
        vm.snapshotValue("consumer", "PythFeeds, bytes of code", pyth.code.length);
    }
}
