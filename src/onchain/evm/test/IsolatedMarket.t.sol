// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IsolatedMarket} from "../examples/IsolatedMarket.sol";
import {FeedUnit} from "../src/FeedUnit.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {OracleConsumer} from "../src/OracleConsumer.sol";
import {Batches} from "./Batches.sol";
import {ReadsPublishedFeeds} from "./PublishedFeeds.sol";

/// @notice A token that can be told to misbehave.
contract TestToken {
    uint8 public immutable decimals;
    mapping(address owner => uint256) public balanceOf;
    uint256 public fee;
    bool public lies;
    /// What came of the last call back.
    bytes public answer;
    address private _callback;
    bytes private _call;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function misbehave(uint256 fee_, bool lies_) external {
        (fee, lies) = (fee_, lies_);
    }

    /// @notice The next transfer makes this call, and keeps what came of it.
    function callBack(address target, bytes calldata data) external {
        (_callback, _call) = (target, data);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    /// @dev No allowances: every caller is trusted here.
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (lies) return false;
        balanceOf[from] -= amount;
        balanceOf[to] += amount - fee;
        if (_callback != address(0)) {
            address target = _callback;
            delete _callback;
            (, answer) = target.call(_call);
        }
        return true;
    }
}

contract SequencerUptime {
    uint256 private _startedAt = 1;
    int256 private _down;

    function set(int256 down, uint256 startedAt) external {
        (_down, _startedAt) = (down, startedAt);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, _down, _startedAt, _startedAt, 1);
    }
}

contract IsolatedMarketTest is ReadsPublishedFeeds {
    address private constant LENDER = address(0x1E4D);
    address private constant ALICE = address(0xA11);
    address private constant BOB = address(0xB0B);
    /// What 10 tokens at 320.415 - 0.0125 allow at 55 %: 10 x 320.4025 x 0.55.
    uint128 private constant MOST = 1762_213750;

    TestToken private stock;
    TestToken private dollar;
    SequencerUptime private uptime;
    IsolatedMarket private market;

    function setUp() public {
        setUpFeeds();
        stock = new TestToken(18);
        dollar = new TestToken(6);
        uptime = new SequencerUptime();
        market = new IsolatedMarket(terms());
        dollar.mint(LENDER, 1_000_000e6);
        dollar.mint(BOB, 1_000_000e6);
        stock.mint(ALICE, 10e18);
        vm.prank(LENDER);
        market.supply(100_000e6);
        vm.prank(ALICE);
        market.deposit(10e18);
    }

    function terms() private view returns (IsolatedMarket.Terms memory) {
        return IsolatedMarket.Terms(
            feeds, token, FeedUnit.RAW_TOKEN, address(stock), address(dollar), address(uptime), 1 hours, 5_500, 6_500, 500
        );
    }

    function good() private view returns (Batches.Record memory) {
        return published.goodToken();
    }

    function publishPrice(int64 price) private {
        Batches.Record memory r = good();
        r.price = price;
        published.publish(r);
    }

    function borrow(uint128 amount) private {
        vm.prank(ALICE);
        market.borrow(amount);
    }

    function liquidate(uint128 most) private returns (uint256 repaid, uint256 seized) {
        vm.prank(BOB);
        return market.liquidate(ALICE, most, 0);
    }

    function debtOf(address borrower) private view returns (uint256 debt) {
        (, debt) = market.positions(borrower);
    }

    function collateralOf(address borrower) private view returns (uint256 amount) {
        (amount,) = market.positions(borrower);
    }

    /// @dev What is here is what the books say.
    function assertBooks() private view {
        (uint128 collateral, uint128 debt) = market.positions(ALICE);
        assertEq(stock.balanceOf(address(market)), collateral, "collateral held");
        assertEq(dollar.balanceOf(address(market)), market.cash(), "cash held");
        assertEq(market.totalDebt(), debt, "total debt");
    }

    /// @dev A good price falls so far that Alice can be liquidated; 55 % borrowed.
    function indebt() private {
        published.publish(good());
        borrow(1_762e6);
        vm.warp(block.timestamp + 10);
        publishPrice(250e8);
    }

    // ------------------------------------------------------------------------------------------------ borrowing

    function test_borrow_LivePrice_UpToTheLimitAtTheLowerPrice() public {
        published.publish(good());
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.Unhealthy.selector, MOST + 1, MOST));
        market.borrow(MOST + 1);
        borrow(MOST);
        assertEq(dollar.balanceOf(ALICE), MOST, "paid out");
        assertBooks();
    }

    /// @dev Nothing that adds risk goes through: neither borrowing nor taking collateral from under a debt; what lowers it does.
    function assertClosed(bytes memory err) private {
        vm.prank(ALICE);
        vm.expectRevert(err);
        market.borrow(1);
        vm.prank(ALICE);
        vm.expectRevert(err);
        market.withdraw(1);
        assertAlwaysOpen();
    }

    function assertAlwaysOpen() private {
        stock.mint(ALICE, 1);
        vm.prank(ALICE);
        market.deposit(1);
        vm.prank(BOB);
        market.repay(ALICE, 1);
        vm.prank(LENDER);
        market.supply(1e6);
        vm.prank(LENDER);
        market.redeem(1);
        assertBooks();
    }

    function borrowed() private returns (Batches.Record memory r) {
        r = good();
        published.publish(r);
        borrow(1_000e6);
    }

    function test_borrow_Held_Refused() public {
        Batches.Record memory r = borrowed();
        (r.state, r.holdReasons) = (4, 2);
        published.publish(r);
        assertClosed(abi.encodeWithSelector(OracleConsumer.StateNotAccepted.selector, token, 4, uint16(6), 2));
    }

    function test_borrow_Reopening_Refused() public {
        Batches.Record memory r = borrowed();
        r.state = 3;
        published.publish(r);
        assertClosed(abi.encodeWithSelector(OracleConsumer.StateNotAccepted.selector, token, 3, uint16(6), 0));
    }

    function test_borrow_Halted_Refused() public {
        Batches.Record memory r = borrowed();
        for (uint8 reason = 1; reason <= 9; reason++) {
            r.haltReason = reason;
            published.publish(r);
            assertClosed(abi.encodeWithSelector(OracleConsumer.FeedIsHalted.selector, token, reason, uint16(1)));
        }
    }

    function test_borrow_PausedSigned_Refused() public {
        Batches.Record memory r = borrowed();
        r.state = 5;
        published.publish(r);
        assertClosed(abi.encodeWithSelector(OracleConsumer.StateNotAccepted.selector, token, 5, uint16(6), 0));
    }

    function test_borrow_PausedByGuardian_Refused() public {
        borrowed();
        published.pause(token);
        assertClosed(abi.encodeWithSelector(IOracleFeeds.FeedIsPaused.selector, token));
    }

    function test_borrow_OutOfTheRegularSession_Refused() public {
        Batches.Record memory r = borrowed();
        for (uint8 session = 0; session <= 5; session++) {
            if (session == 2) continue;
            r.session = session;
            published.publish(r);
            assertClosed(abi.encodeWithSelector(OracleConsumer.SessionNotAccepted.selector, token, session, uint16(4)));
        }
    }

    function test_borrow_AttestationTooOld_Refused() public {
        Batches.Record memory r = borrowed();
        uint256 attested = block.timestamp * 1000;
        vm.warp(block.timestamp + r.maxAge + 1);
        assertClosed(abi.encodeWithSelector(OracleConsumer.AttestationTooOld.selector, token, attested, attested + 1000));
    }

    function test_borrow_SessionClaimExpired_Refused() public {
        Batches.Record memory r = borrowed();
        r.nextChangeAt = uint40(block.timestamp + 5);
        published.publish(r);
        vm.warp(r.nextChangeAt);
        assertClosed(
            abi.encodeWithSelector(OracleConsumer.SessionClaimExpired.selector, token, r.nextChangeAt, block.timestamp)
        );
    }

    function test_borrow_WideConfidence_Refused() public {
        Batches.Record memory r = borrowed();
        uint256 widest = uint64(r.price) / 100;
        r.confidence = uint48(widest + 1);
        published.publish(r);
        assertClosed(abi.encodeWithSelector(OracleConsumer.ConfidenceTooWide.selector, token, widest + 1, widest));
    }

    function test_borrow_SplitStaged_Refused() public {
        Batches.Record memory r = borrowed();
        (r.nextMultiplier, r.activation) = (10e18, uint40(block.timestamp + 12 hours));
        published.publish(r);
        assertClosed(
            abi.encodeWithSelector(
                OracleConsumer.CorporateActionNear.selector,
                token,
                block.timestamp,
                uint256(r.activation) - 1 days,
                uint256(r.activation) + 1 days
            )
        );
    }

    /// @dev A 10:1 split from its announcement to the first record that has the new multiplier.
    function test_split_FromStagedToApplied_OpensAgainWithTheNewMultiplier() public {
        Batches.Record memory r = borrowed();
        uint40 activation = uint40(block.timestamp + 3 days);
        // Announced three days ahead: nothing closes yet.
        republish(r, 1e18, 10e18, activation);
        borrow(1e6);
        // An hour before and after, liquidations rest as well.
        vm.warp(activation - 1 hours);
        republish(r, 1e18, 10e18, activation);
        assertLiquidationRefused(OracleConsumer.CorporateActionNear.selector);
        // Much later, and nobody has brought the new multiplier.
        vm.warp(activation + 2 days);
        republish(r, 1e18, 10e18, activation);
        assertLiquidationRefused(OracleConsumer.MultiplierOutOfDate.selector);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(OracleConsumer.MultiplierOutOfDate.selector, token, 1e18, 10e18, uint256(activation))
        );
        market.borrow(1e6);
        // It is there: one token is ten shares of a tenth of the price.
        republish(r, 10e18, 0, 0);
        borrow(1e6);
        assertBooks();
    }

    function republish(Batches.Record memory r, uint128 multiplier, uint128 next, uint40 activation) private {
        Batches.Record memory now_ = good();
        now_.price = r.price;
        (now_.multiplier, now_.nextMultiplier, now_.activation) = (multiplier, next, activation);
        published.publish(now_);
    }

    function assertLiquidationRefused(bytes4 err) private {
        vm.expectPartialRevert(err);
        market.liquidate(ALICE, 1, 0);
    }

    function test_borrow_SequencerDownOrJustBack_Refused() public {
        borrowed();
        uptime.set(1, block.timestamp - 1 days);
        assertClosed(
            abi.encodeWithSelector(OracleConsumer.SequencerIsDown.selector, address(uptime), block.timestamp - 1 days)
        );
        uptime.set(0, block.timestamp - 1 hours);
        assertClosed(
            abi.encodeWithSelector(
                OracleConsumer.SequencerJustBack.selector, address(uptime), block.timestamp, block.timestamp
            )
        );
        uptime.set(0, block.timestamp - 1 hours - 1);
        borrow(1);
    }

    function test_withdraw_WithoutDebt_AsksForNoPrice() public {
        vm.prank(ALICE);
        market.withdraw(10e18);
        assertEq(stock.balanceOf(ALICE), 10e18, "back");
        assertBooks();
    }

    function test_withdraw_WithDebt_KeepsTheLimit() public {
        borrowed();
        vm.prank(ALICE);
        vm.expectPartialRevert(IsolatedMarket.Unhealthy.selector);
        market.withdraw(5e18);
        vm.prank(ALICE);
        market.withdraw(4e18);
        assertBooks();
    }

    // ------------------------------------------------------------------------------------------------ liquidating

    function test_liquidate_Healthy_Refused() public {
        borrowed();
        vm.expectPartialRevert(IsolatedMarket.Healthy.selector);
        liquidate(1);
    }

    function test_liquidate_PartOfADebt_TakesItsWorthAndTheBonus() public {
        indebt();
        (uint256 repaid, uint256 seized) = liquidate(1_000e6);
        assertEq(repaid, 1_000e6, "repaid");
        assertEq(seized, 4.2e18, "1,000 x 1.05 / 250");
        assertEq(stock.balanceOf(BOB), seized, "paid out");
        assertEq(debtOf(ALICE), 762e6, "debt");
        assertBooks();
    }

    /// @dev A wide confidence lowers what may be borrowed and seizes nothing: 65 % of 10 x 272 is more than the debt.
    function test_liquidate_OnlyTheLowerPriceIsBelowTheLimit_Refused() public {
        indebt();
        Batches.Record memory r = good();
        (r.price, r.confidence) = (272e8, 4e8);
        published.publish(r);
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.Healthy.selector, 1_762e6, 1_768e6));
        liquidate(1);
    }

    /// @dev 10 x 150 covers 1,428.57 with the bonus; the rest is lost, and every lender's share of it falls at once.
    function test_liquidate_Underwater_TheLossIsTheLenders() public {
        indebt();
        publishPrice(150e8);
        (uint256 repaid, uint256 seized) = liquidate(type(uint128).max);
        assertEq(seized, 10e18, "all of it");
        assertEq(repaid, 1_428_571429, "rounded up");
        assertEq(debtOf(ALICE) + collateralOf(ALICE), 0, "nothing left");
        assertEq(market.cash(), 100_000e6 - 1_762e6 + repaid, "cash");
        assertBooks();
        uint256 all = market.shares(LENDER);
        vm.prank(LENDER);
        uint256 back = market.redeem(all);
        assertTrue(back <= market.cash() + back && back >= 99_666e6, "what is left is paid out");
        assertBooks();
    }

    function test_liquidate_LeastSeized_Protects() public {
        indebt();
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.TooLittleSeized.selector, 4.2e18, 4.2e18 + 1));
        market.liquidate(ALICE, 1_000e6, 4.2e18 + 1);
    }

    /// @dev By state: only at a price at which the market trades now.
    function test_liquidate_EachState_LiveAndDegradedOnly() public {
        indebt();
        for (uint8 state = 1; state <= 7; state++) {
            Batches.Record memory r = good();
            (r.price, r.state) = (250e8, state);
            published.publish(r);
            if (state > 2) {
                vm.expectRevert(
                    abi.encodeWithSelector(OracleConsumer.StateNotAccepted.selector, token, state, uint16(6), 0)
                );
            }
            liquidate(1e6);
            assertAlwaysOpen();
        }
    }

    function test_liquidate_EachSession_NotOvernightClosedOrUnknown() public {
        indebt();
        for (uint8 session = 0; session <= 5; session++) {
            Batches.Record memory r = good();
            (r.price, r.session) = (250e8, session);
            published.publish(r);
            if (session == 0 || session > 3) {
                vm.expectRevert(
                    abi.encodeWithSelector(OracleConsumer.SessionNotAccepted.selector, token, session, uint16(0xe))
                );
            }
            liquidate(1e6);
        }
    }

    function test_liquidate_HaltedOrStaleOrSequencer_Refused() public {
        indebt();
        Batches.Record memory r = good();
        (r.price, r.haltReason) = (250e8, 1);
        published.publish(r);
        vm.expectPartialRevert(OracleConsumer.FeedIsHalted.selector);
        liquidate(1e6);
        r.haltReason = 0;
        published.publish(r);
        uptime.set(0, block.timestamp);
        vm.expectPartialRevert(OracleConsumer.SequencerJustBack.selector);
        liquidate(1e6);
        uptime.set(0, 1);
        liquidate(1e6);
        vm.warp(block.timestamp + r.maxAge + 1);
        vm.expectPartialRevert(OracleConsumer.AttestationTooOld.selector);
        liquidate(1e6);
    }

    /// @dev Whatever the price falls to and however much is repaid.
    function testFuzz_liquidate_NeverLeavesTheBooksWrong(uint64 price, uint128 most) public {
        indebt();
        int64 fallen = int64(uint64(1e8 + price % 268e8));
        publishPrice(fallen);
        uint256 before = market.cash() + market.totalDebt();
        (uint256 repaid, uint256 seized) = liquidate(most == 0 ? 1 : most);
        assertTrue(repaid <= 1_762e6 && seized <= 10e18, "no more than there was");
        // Up to a unit of each token, what was taken is worth what was repaid and the bonus.
        assertTrue(seized * uint64(fallen) <= (repaid + 1) * 1e20 * 105 / 100, "not too much taken");
        assertTrue(collateralOf(ALICE) != 0 || debtOf(ALICE) == 0, "no debt without collateral");
        assertTrue(market.cash() + market.totalDebt() <= before, "lenders got no more than they had");
        assertBooks();
    }

    // ------------------------------------------------------------------------------------------------ the market itself

    function test_constructor_FeedOfTheUnderlyingShare_Refused() public {
        IsolatedMarket.Terms memory t = terms();
        t.feedId = share;
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.WrongUnit.selector, share, 1, 2));
        new IsolatedMarket(t);
        // Saying so does not help: share prices are not what raw balances are counted in.
        t.unit = FeedUnit.UNDERLYING_SHARE;
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.WrongUnit.selector, share, 1, 1));
        new IsolatedMarket(t);
        t = terms();
        t.unit = FeedUnit.WRAPPER_SHARE;
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.WrongUnit.selector, token, 2, 4));
        new IsolatedMarket(t);
    }

    function test_constructor_LimitsThatLose_Refused() public {
        IsolatedMarket.Terms memory t = terms();
        t.bonusBps = 5_385;
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.BadLimits.selector, 5_500, 6_500, 5_385));
        new IsolatedMarket(t);
        t = terms();
        t.liquidationLimitBps = 5_500;
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.BadLimits.selector, 5_500, 5_500, 500));
        new IsolatedMarket(t);
    }

    function test_everyEntrance_FromInsideATransfer_Reentered() public {
        published.publish(good());
        bytes[] memory calls = new bytes[](7);
        calls[0] = abi.encodeCall(IsolatedMarket.supply, (1));
        calls[1] = abi.encodeCall(IsolatedMarket.redeem, (1));
        calls[2] = abi.encodeCall(IsolatedMarket.deposit, (1));
        calls[3] = abi.encodeCall(IsolatedMarket.withdraw, (1));
        calls[4] = abi.encodeCall(IsolatedMarket.borrow, (1));
        calls[5] = abi.encodeCall(IsolatedMarket.repay, (ALICE, 1));
        calls[6] = abi.encodeCall(IsolatedMarket.liquidate, (ALICE, 1, 0));
        for (uint256 i = 0; i < calls.length; i++) {
            dollar.callBack(address(market), calls[i]);
            borrow(1e6);
            assertEq(dollar.answer(), abi.encodeWithSelector(IsolatedMarket.Reentered.selector), vm.toString(i));
        }
        assertBooks();
    }

    function test_transfers_FeeOrFalse_Refused() public {
        dollar.misbehave(1, false);
        vm.prank(LENDER);
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.TransferFell.selector, address(dollar), 99, 100));
        market.supply(100);
        dollar.misbehave(0, true);
        vm.prank(LENDER);
        vm.expectRevert(
            abi.encodeWithSelector(IsolatedMarket.TransferFailed.selector, address(dollar), LENDER, address(market), 100)
        );
        market.supply(100);
    }

    function test_lenders_ShareWhatIsThere_DonationsCountForNobody() public {
        dollar.mint(address(market), 1_000_000e6);
        vm.prank(BOB);
        uint256 minted = market.supply(50_000e6);
        assertEq(minted, 50_000e6, "at par");
        vm.prank(BOB);
        assertEq(market.redeem(minted), 50_000e6, "back");
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IsolatedMarket.NotEnough.selector, 0, 1));
        market.redeem(1);
    }
}
