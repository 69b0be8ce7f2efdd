// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStockToken, TokenWorth} from "../examples/TokenWorth.sol";
import {FeedUnit} from "../src/FeedUnit.sol";
import {OracleConsumer} from "../src/OracleConsumer.sol";
import {Batches} from "./Batches.sol";
import {ReadsPublishedFeeds} from "./PublishedFeeds.sol";

/// @notice A token that counts shares and shows them scaled, as xStocks on EVM chains do, or raw, as Robinhood's do.
contract StockToken is IStockToken {
    bool private immutable _scaled;
    uint256 private _multiplier = 1e18;
    mapping(address holder => uint256) public sharesOf;

    constructor(bool scaled) {
        _scaled = scaled;
    }

    function mint(address holder, uint256 shares) external {
        sharesOf[holder] += shares;
    }

    function setMultiplier(uint256 multiplier) external {
        _multiplier = multiplier;
    }

    function balanceOf(address holder) external view returns (uint256) {
        return _scaled ? sharesOf[holder] * _multiplier / 1e18 : sharesOf[holder];
    }
}

/// @notice 100 raw tokens through a 4:1 split: 1.02 shares each at 400, then 4.08 at 100. Worth 40,800 throughout.
contract TokenWorthTest is ReadsPublishedFeeds {
    address private constant HOLDER = address(0xBEEF);
    uint256 private constant WORTH = 40_800e8;

    TokenWorth private worth;
    StockToken private scaled;
    StockToken private raw;
    bytes32 private uiFeed;
    bytes32 private rawFeed;
    bytes32 private wrapperFeed;

    function setUp() public {
        setUpFeeds();
        worth = new TokenWorth(feeds);
        (scaled, raw) = (new StockToken(true), new StockToken(false));
        scaled.mint(HOLDER, 100e18);
        raw.mint(HOLDER, 100e18);
        uiFeed = published.register(FeedUnit.UI_TOKEN);
        rawFeed = published.register(FeedUnit.RAW_TOKEN);
        wrapperFeed = published.register(FeedUnit.WRAPPER_SHARE);
    }

    function publish(bytes32 feedId, uint8 unit, int64 share, uint128 multiplier) private {
        Batches.Record memory r = published.goodOf(feedId, unit);
        (r.multiplier, r.underlying, r.confidence, r.bid, r.ask, r.ema) = (multiplier, share, 0, 0, 0, 0);
        r.price = unit == FeedUnit.UI_TOKEN ? share : int64(uint64(uint256(uint64(share)) * multiplier / 1e18));
        published.publish(r);
    }

    function state(int64 share, uint128 multiplier) private {
        scaled.setMultiplier(multiplier);
        publish(uiFeed, FeedUnit.UI_TOKEN, share, multiplier);
        publish(rawFeed, FeedUnit.RAW_TOKEN, share, multiplier);
        publish(wrapperFeed, FeedUnit.WRAPPER_SHARE, share, multiplier);
    }

    function assertWorth() private view {
        assertEq(worth.ofScaledBalance(uiFeed, scaled, HOLDER), WORTH, "scaled balance, UiToken");
        assertEq(worth.ofShares(rawFeed, scaled, HOLDER), WORTH, "shares, RawToken");
        assertEq(worth.ofRawBalance(rawFeed, raw, HOLDER), WORTH, "raw balance, RawToken");
        assertEq(worth.ofWrapper(wrapperFeed, raw, HOLDER), WORTH, "wrapper, WrapperShare");
    }

    function test_worth_ThroughASplit_TheSameOnEveryWay() public {
        state(400e8, 1.02e18);
        assertWorth();
        assertEq(scaled.balanceOf(HOLDER), 102e18, "balance before");
        state(100e8, 4.08e18);
        assertWorth();
        assertEq(scaled.balanceOf(HOLDER), 408e18, "balance after");
    }

    /// @dev The multiplier twice would be 41,616, and 166,464 after the split.
    function test_worth_FeedOfTheOtherUnit_Refused() public {
        state(400e8, 1.02e18);
        vm.expectRevert(abi.encodeWithSelector(OracleConsumer.UnitNotExpected.selector, rawFeed, 2, 3));
        worth.ofScaledBalance(rawFeed, scaled, HOLDER);
        vm.expectRevert(abi.encodeWithSelector(OracleConsumer.UnitNotExpected.selector, uiFeed, 3, 2));
        worth.ofRawBalance(uiFeed, raw, HOLDER);
    }
}
