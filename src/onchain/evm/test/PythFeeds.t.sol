// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {IPyth, IPythErrors, IPythLegacy, PythStructs} from "../src/IPyth.sol";
import {PythFeeds} from "../src/PythFeeds.sol";
import {Batches} from "./Batches.sol";
import {ReadsPublishedFeeds} from "./PublishedFeeds.sol";

/// @notice Answers `read` with what it is told: values that OracleFeeds itself never stores.
contract LyingFeeds {
    IOracleFeeds.FeedData private _data;

    function set(IOracleFeeds.FeedData calldata data) external {
        _data = data;
    }

    function read(bytes32) external view returns (IOracleFeeds.FeedData memory) {
        return _data;
    }
}

contract PythFeedsTest is ReadsPublishedFeeds {
    PythFeeds private pyth;

    function setUp() public {
        setUpFeeds();
        pyth = new PythFeeds(feeds);
    }

    function priceCalls(bytes32 id) private pure returns (bytes[] memory all) {
        all = new bytes[](4);
        all[0] = abi.encodeCall(IPyth.getPriceUnsafe, (id));
        all[1] = abi.encodeCall(IPyth.getPriceNoOlderThan, (id, 1 days));
        all[2] = abi.encodeCall(IPythLegacy.getPrice, (id));
        all[3] = abi.encodeCall(IPythLegacy.queryPriceFeed, (id));
    }

    function emaCalls(bytes32 id) private pure returns (bytes[] memory all) {
        all = new bytes[](4);
        all[0] = abi.encodeCall(IPyth.getEmaPriceUnsafe, (id));
        all[1] = abi.encodeCall(IPyth.getEmaPriceNoOlderThan, (id, 1 days));
        all[2] = abi.encodeCall(IPythLegacy.getEmaPrice, (id));
        all[3] = abi.encodeCall(IPythLegacy.queryPriceFeed, (id));
    }

    function assertRevert(bytes[] memory calls, bytes memory err) private {
        for (uint256 i = 0; i < calls.length; i++) {
            (bool ok, bytes memory result) = address(pyth).call(calls[i]);
            assertFalse(ok, "answered");
            assertEq(result, err, "error");
        }
    }

    function assertEveryGetterReverts(bytes32 id, bytes memory err) private {
        assertRevert(priceCalls(id), err);
        assertRevert(emaCalls(id), err);
    }

    function assertPrice(PythStructs.Price memory price, int256 expected, Batches.Record memory r, uint256 time) private pure {
        assertEq(price.price, expected, "price");
        assertEq(price.conf, r.confidence, "conf");
        assertEq(int256(price.expo), -8, "expo");
        assertEq(price.publishTime, time, "publishTime");
    }

    // ------------------------------------------------------------------------------------------------ prices

    function test_prices_LiveFeed_EveryGetterAnswers() public {
        Batches.Record memory r = published.goodShare();
        published.publish(r);
        uint256 time = r.observedAt / 1000;
        int256 ema = int256(r.price) + r.ema;
        assertPrice(pyth.getPriceUnsafe(share), r.price, r, time);
        assertPrice(pyth.getPriceNoOlderThan(share, 1), r.price, r, time);
        assertPrice(pyth.getPrice(share), r.price, r, time);
        assertPrice(pyth.getEmaPriceUnsafe(share), ema, r, time);
        assertPrice(pyth.getEmaPriceNoOlderThan(share, 1), ema, r, time);
        assertPrice(pyth.getEmaPrice(share), ema, r, time);
        PythStructs.PriceFeed memory both = pyth.queryPriceFeed(share);
        assertEq(both.id, share, "id");
        assertPrice(both.price, r.price, r, time);
        assertPrice(both.emaPrice, ema, r, time);
        assertTrue(pyth.priceFeedExists(share), "exists");
        assertEq(pyth.getValidTimePeriod(), 60, "valid time period");
    }

    function test_prices_Age_BoundaryIncluded() public {
        Batches.Record memory r = published.goodShare();
        r.observedAt = uint48((block.timestamp - 60) * 1000);
        published.publish(r);
        pyth.getPrice(share);
        pyth.getPriceNoOlderThan(share, 60);
        bytes memory stale = abi.encodeWithSelector(IPythErrors.StalePrice.selector);
        vm.expectRevert(stale);
        pyth.getPriceNoOlderThan(share, 59);
        vm.expectRevert(stale);
        pyth.getEmaPriceNoOlderThan(share, 59);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(stale);
        pyth.getPrice(share);
        vm.expectRevert(stale);
        pyth.getEmaPrice(share);
        pyth.getPriceUnsafe(share);
    }

    function test_prices_ObservedAheadOfTheBlock_PublishTimeIsClamped() public {
        Batches.Record memory r = published.goodShare();
        r.observedAt = uint48(block.timestamp * 1000 + 4_000);
        published.publish(r, r.observedAt);
        assertPrice(pyth.getPriceNoOlderThan(share, 0), r.price, r, block.timestamp);
        vm.warp(block.timestamp + 10);
        assertPrice(pyth.getPriceUnsafe(share), r.price, r, block.timestamp - 6);
    }

    /// @dev A held or closed feed answers its last good price with its own time, which a new attestation leaves as it is.
    function test_prices_HeldOrClosed_KeepTheirTime() public {
        Batches.Record memory r = published.goodShare();
        published.publish(r);
        vm.warp(block.timestamp + 2 hours);
        uint8[3] memory states = [3, 4, 7];
        for (uint256 i = 0; i < 3; i++) {
            r.state = states[i];
            published.publish(r);
            assertPrice(pyth.getPriceUnsafe(share), r.price, r, r.observedAt / 1000);
            vm.expectRevert(IPythErrors.StalePrice.selector);
            pyth.getPriceNoOlderThan(share, 1 hours);
        }
    }

    function test_prices_UnknownOrNothingStored_PriceFeedNotFound() public {
        bytes memory err = abi.encodeWithSelector(IPythErrors.PriceFeedNotFound.selector);
        assertEveryGetterReverts(share, err);
        assertFalse(pyth.priceFeedExists(share), "exists");
        assertEveryGetterReverts("other", err);
        assertFalse(pyth.priceFeedExists("other"), "exists");
    }

    function test_prices_RatioOrIndication_EveryGetterReverts() public {
        for (uint8 unit = 5; unit <= 7; unit++) {
            bytes32 id = published.register(unit);
            bytes memory err = abi.encodeWithSelector(IOracleFeeds.NotAPrice.selector, id, unit);
            assertEveryGetterReverts(id, err);
            published.publish(published.goodOf(id, unit));
            assertEveryGetterReverts(id, err);
            assertFalse(pyth.priceFeedExists(id), "exists");
        }
        bytes32 dollar = published.register(8);
        published.publish(published.goodOf(dollar, 8));
        assertTrue(pyth.getPriceUnsafe(dollar).price > 0, "a currency's price");
    }

    function test_prices_PausedOrRetired_EveryGetterReverts() public {
        Batches.Record memory r = published.goodShare();
        r.state = 5;
        published.publish(r);
        assertEveryGetterReverts(share, abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share));
        assertTrue(pyth.priceFeedExists(share), "exists");
        r.state = 6;
        published.publish(r);
        assertEveryGetterReverts(share, abi.encodeWithSelector(IOracleFeeds.FeedIsRetired.selector, share));
        r.state = 1;
        published.publish(r);
        pyth.getPrice(share);
        published.pause(share);
        assertEveryGetterReverts(share, abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, share));
    }

    function test_ema_NonePublished_EmaNotPublished() public {
        Batches.Record memory r = published.goodShare();
        r.ema = type(int48).min;
        published.publish(r);
        assertRevert(emaCalls(share), abi.encodeWithSelector(PythFeeds.EmaNotPublished.selector, share));
        assertPrice(pyth.getPrice(share), r.price, r, r.observedAt / 1000);
    }

    function testFuzz_prices_AreNeverZeroOrLess(int64 price, int64 ema, uint8 state) public {
        published.publish(published.goodShare());
        IOracleFeeds.FeedData memory data = feeds.read(share);
        (data.price, data.ema, data.state) = (price, ema, state);
        LyingFeeds lying = new LyingFeeds();
        lying.set(data);
        IPyth over = new PythFeeds(IOracleFeeds(address(lying)));
        try over.getPriceUnsafe(share) returns (PythStructs.Price memory got) {
            assertTrue(got.price > 0 && got.price == price, "price");
        } catch {
            assertTrue(price <= 0 || state == 5 || state == 6, "refused");
        }
        try over.getEmaPriceUnsafe(share) returns (PythStructs.Price memory got) {
            assertTrue(got.price > 0 && got.price == ema, "ema");
        } catch {
            assertTrue(price <= 0 || ema <= 0 || state == 5 || state == 6, "refused");
        }
    }

    // ------------------------------------------------------------------------------------------------ updates

    function updateOf(bytes memory envelope) private pure returns (bytes[] memory updates) {
        updates = new bytes[](1);
        updates[0] = envelope;
    }

    function updateOf(Batches.Record memory r) private returns (bytes[] memory updates) {
        updates = new bytes[](1);
        updates[0] = published.envelope(r);
    }

    function test_updatePriceFeeds_SignedEnvelopes_Stored() public {
        bytes[] memory updates = new bytes[](2);
        Batches.Record memory r = published.goodToken();
        updates[0] = published.envelope(published.goodShare());
        updates[1] = published.envelope(r);
        assertEq(pyth.getUpdateFee(updates), 0, "fee");
        pyth.updatePriceFeeds{value: pyth.getUpdateFee(updates)}(updates);
        assertEq(pyth.getPrice(share).price, 320_41500000, "share");
        assertPrice(pyth.getPrice(token), r.price, r, r.observedAt / 1000);
    }

    function test_updatePriceFeeds_RelayedAlready_NoFailure() public {
        bytes[] memory updates = updateOf(published.goodShare());
        pyth.updatePriceFeeds(updates);
        pyth.updatePriceFeeds(updates);
        pyth.updatePriceFeeds(new bytes[](0));
    }

    function test_updatePriceFeeds_BadUpdate_NothingOfTheCallIsStored() public {
        bytes[] memory updates = new bytes[](2);
        updates[0] = published.envelope(published.goodShare());
        updates[1] = published.envelope(published.goodToken());
        bytes memory cut = new bytes(updates[1].length - 1);
        for (uint256 i = 0; i < cut.length; i++) cut[i] = updates[1][i];
        updates[1] = cut;
        vm.expectRevert(IPythErrors.InvalidUpdateData.selector);
        pyth.updatePriceFeeds(updates);
        assertFalse(pyth.priceFeedExists(share), "stored");

        (updates[1], cut) = (published.envelope(published.goodToken()), "");
        // The last byte of the signature's R and S, of the record, and the deployment.
        uint256[2] memory tampered = [uint256(1), updates[1].length - 1];
        for (uint256 i = 0; i < 2; i++) {
            updates[1][tampered[i]] ^= 0x01;
            vm.expectRevert(IPythErrors.InvalidUpdateDataSource.selector);
            pyth.updatePriceFeeds(updates);
            updates[1][tampered[i]] ^= 0x01;
        }
        assertFalse(pyth.priceFeedExists(share), "stored");
        pyth.updatePriceFeeds(updates);
        assertTrue(pyth.priceFeedExists(share) && pyth.priceFeedExists(token), "stored");
    }

    function test_updatePriceFeeds_AttestedTooLongAgoOrTooFarAhead_PassedOverAndTheOthersStored() public {
        // No variable of the block's time: the optimiser would read it anew after a warp.
        uint256 start = 1_781_098_200;
        assertEq(block.timestamp, start, "now");
        bytes[] memory updates = new bytes[](2);
        bytes memory old = published.envelope(published.goodShare());
        vm.warp(start + 121);
        bytes memory fresh = published.envelope(published.goodToken());
        pyth.updatePriceFeeds(updateOf(old));
        assertFalse(pyth.priceFeedExists(share), "stored though too old");
        vm.warp(start + 1);
        pyth.updatePriceFeeds(updateOf(fresh));
        assertFalse(pyth.priceFeedExists(token), "stored though ahead");

        // Whichever comes first.
        vm.warp(start + 121);
        (updates[0], updates[1]) = (fresh, old);
        pyth.updatePriceFeeds(updates);
        assertTrue(!pyth.priceFeedExists(share) && pyth.priceFeedExists(token), "only the fresh one");
        (updates[0], updates[1]) = (old, published.envelope(published.goodShare()));
        pyth.updatePriceFeeds(updates);
        assertTrue(pyth.priceFeedExists(share), "stored beside the old one");
    }

    function test_updatePriceFeeds_WithValue_Refused() public {
        bytes[] memory updates = updateOf(published.goodShare());
        vm.expectRevert(abi.encodeWithSelector(PythFeeds.ValueRefused.selector, 1, 0));
        pyth.updatePriceFeeds{value: 1}(updates);
        vm.expectRevert(abi.encodeWithSelector(PythFeeds.ValueRefused.selector, 1, 0));
        pyth.updatePriceFeedsIfNecessary{value: 1}(updates, new bytes32[](0), new uint64[](0));
        (bool ok,) = address(pyth).call{value: 1}("");
        assertFalse(ok, "plain value taken");
    }

    function test_updatePriceFeedsIfNecessary_OnlyWhenBehind() public {
        bytes32[] memory ids = new bytes32[](2);
        uint64[] memory times = new uint64[](2);
        (ids[0], ids[1]) = (share, token);
        Batches.Record memory r = published.goodShare();
        times[0] = uint64(r.observedAt / 1000);
        published.publish(published.goodToken());
        pyth.updatePriceFeedsIfNecessary(updateOf(r), ids, times);
        assertTrue(pyth.priceFeedExists(share), "stored what did not exist");

        r.price += 1;
        bytes[] memory updates = updateOf(r);
        vm.expectRevert(IPythErrors.NoFreshUpdate.selector);
        pyth.updatePriceFeedsIfNecessary(updates, ids, times);
        times[0] += 1;
        pyth.updatePriceFeedsIfNecessary(updates, ids, times);
        assertEq(pyth.getPriceUnsafe(share).price, r.price, "stored what was behind");

        vm.expectRevert(IPythErrors.InvalidArgument.selector);
        pyth.updatePriceFeedsIfNecessary(updates, ids, new uint64[](1));
        vm.expectRevert(IPythErrors.NoFreshUpdate.selector);
        pyth.updatePriceFeedsIfNecessary(updates, new bytes32[](0), new uint64[](0));
    }

    // ------------------------------------------------------------------------------------------------ the interface

    function assertNotServed(bytes memory data) private {
        (bool ok, bytes memory result) = address(pyth).call(data);
        assertFalse(ok, "answered");
        assertEq(result, abi.encodeWithSelector(PythFeeds.NotServed.selector, bytes4(data)), "error");
    }

    function test_notServed_EachSaysSo() public {
        bytes[] memory updates = updateOf(published.goodShare());
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = share;
        assertNotServed(abi.encodeCall(IPyth.getTwapUpdateFee, (updates)));
        assertNotServed(abi.encodeCall(IPyth.parsePriceFeedUpdates, (updates, ids, 0, type(uint64).max)));
        assertNotServed(
            abi.encodeCall(IPyth.parsePriceFeedUpdatesWithConfig, (updates, ids, 0, type(uint64).max, false, false, true))
        );
        assertNotServed(abi.encodeCall(IPyth.parseTwapPriceFeedUpdates, (updates, ids)));
        assertNotServed(abi.encodeCall(IPyth.parsePriceFeedUpdatesUnique, (updates, ids, 0, type(uint64).max)));
    }
}
