// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FeedUnit} from "../src/FeedUnit.sol";
import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {OracleConsumer} from "../src/OracleConsumer.sol";

/// @notice What this market needs of a token.
interface IToken {
    function balanceOf(address owner) external view returns (uint256);
    function decimals() external view returns (uint8);
}

/// @title Example: one tokenized stock as collateral, one stablecoin to borrow
/// @notice Shows how a protocol asks for a price, and when it does not: depositing, supplying and repaying never ask, so that
///         a closed or held feed can never keep anybody from becoming safer. Not audited, no interest, no governance: read
///         it, do not deploy it.
///
///         Lenders `supply` the stablecoin and share what is repaid; a loss that collateral does not cover lowers the worth
///         of all shares at once.
/// @dev One unit of the stablecoin counts as one unit of the feed's quote currency. A stablecoin below its peg makes debts
///      smaller in USD than assumed, one above it larger: a market for a coin that may rise needs a feed for it too, valued
///      with `OracleConsumer.debtPrice`.
///
///      The collateral's balances must not rebase, and the feed must price what balances are counted in: RawToken or
///      WrapperShare, said in the terms and asked again with every price. A feed for the underlying share, or for a scaled
///      balance, is refused, since its price times a raw balance is wrong by the multiplier.
///
///      From a day before a staged split nobody borrows, from an hour before it nobody is liquidated, until the record has the
///      new multiplier: that is in the two policies.
contract IsolatedMarket {
    using OracleConsumer for IOracleFeeds;
    using OracleConsumer for IOracleFeeds.FeedData;
    using OracleConsumer for OracleConsumer.Policy;

    struct Position {
        /// Units of the collateral token.
        uint128 collateral;
        /// Units of the stablecoin.
        uint128 debt;
    }

    struct Terms {
        IOracleFeeds feeds;
        bytes32 feedId;
        /// What the collateral's balances are counted in: `FeedUnit.RAW_TOKEN` or `FeedUnit.WRAPPER_SHARE`.
        uint8 unit;
        address collateral;
        address stablecoin;
        /// Chainlink's uptime feed of the chain's sequencer; 0 = none.
        address sequencerUptime;
        uint32 sequencerGrace;
        /// How much may be borrowed against collateral, bps of its worth.
        uint16 borrowLimitBps;
        /// Above which a position may be liquidated, bps. The distance to `borrowLimitBps` is what a gap at the next open may cost.
        uint16 liquidationLimitBps;
        /// What a liquidator gets beyond what it repays, bps.
        uint16 bonusBps;
    }

    uint256 private constant BPS = 10_000;
    uint256 private constant PRICE_DECIMALS = 8;

    IOracleFeeds public immutable feeds;
    bytes32 public immutable feedId;
    uint8 public immutable unit;
    address public immutable collateral;
    address public immutable stablecoin;
    address public immutable sequencerUptime;
    uint32 public immutable sequencerGrace;
    uint256 public immutable borrowLimitBps;
    uint256 public immutable liquidationLimitBps;
    uint256 public immutable bonusBps;
    /// Collateral units times price, divided by this, are stablecoin units.
    uint256 private immutable _scale;

    mapping(address borrower => Position) public positions;
    mapping(address lender => uint256) public shares;
    uint256 public totalShares;
    uint256 public totalDebt;
    /// Stablecoin that is here by supply and repayment; what is sent here by itself counts for nobody.
    uint256 public cash;

    bool private transient _entered;

    event Supplied(address indexed lender, uint256 amount, uint256 shares);
    event Redeemed(address indexed lender, uint256 amount, uint256 shares);
    event Deposited(address indexed borrower, uint256 amount);
    event Withdrawn(address indexed borrower, uint256 amount);
    event Borrowed(address indexed borrower, uint256 amount);
    event Repaid(address indexed borrower, address indexed payer, uint256 amount);
    event Liquidated(address indexed borrower, address indexed liquidator, uint256 repaid, uint256 seized, uint256 loss);

    error Reentered();
    error BadLimits(uint256 borrowLimitBps, uint256 liquidationLimitBps, uint256 bonusBps);
    error BadDecimals(uint8 collateralDecimals, uint8 stablecoinDecimals);
    /// The feed does not price what the collateral's balances are counted in.
    error WrongUnit(bytes32 feedId, uint8 feedUnit, uint8 balanceUnit);
    error NothingGiven();
    error TransferFailed(address token, address from, address to, uint256 amount);
    error TransferFell(address token, uint256 received, uint256 expected);
    error NotEnough(uint256 available, uint256 wanted);
    error Unhealthy(uint256 debt, uint256 most);
    error Healthy(uint256 debt, uint256 most);
    error TooLittleSeized(uint256 seized, uint256 least);

    modifier nonReentrant() {
        if (_entered) revert Reentered();
        _entered = true;
        _;
        _entered = false;
    }

    constructor(Terms memory terms) {
        if (
            terms.borrowLimitBps == 0 || terms.borrowLimitBps >= terms.liquidationLimitBps
                || uint256(terms.liquidationLimitBps) * (BPS + terms.bonusBps) > BPS * BPS
        ) revert BadLimits(terms.borrowLimitBps, terms.liquidationLimitBps, terms.bonusBps);
        (uint8 feedUnit,,,,,,) = terms.feeds.feedInfo(terms.feedId);
        if (feedUnit != terms.unit || (feedUnit != FeedUnit.RAW_TOKEN && feedUnit != FeedUnit.WRAPPER_SHARE)) {
            revert WrongUnit(terms.feedId, feedUnit, terms.unit);
        }
        uint8 from = IToken(terms.collateral).decimals();
        uint8 to = IToken(terms.stablecoin).decimals();
        if (from > 18 || from + PRICE_DECIMALS < to) revert BadDecimals(from, to);

        feeds = terms.feeds;
        feedId = terms.feedId;
        unit = terms.unit;
        collateral = terms.collateral;
        stablecoin = terms.stablecoin;
        sequencerUptime = terms.sequencerUptime;
        sequencerGrace = terms.sequencerGrace;
        borrowLimitBps = terms.borrowLimitBps;
        liquidationLimitBps = terms.liquidationLimitBps;
        bonusBps = terms.bonusBps;
        _scale = 10 ** (from + PRICE_DECIMALS - to);
    }

    // ------------------------------------------------------------------------------------------------ lenders

    /// @notice Lends stablecoin. Asks for no price.
    function supply(uint256 amount) external nonReentrant returns (uint256 minted) {
        if (amount == 0) revert NothingGiven();
        uint256 worth = cash + totalDebt;
        // One more on both sides: the first lender cannot make a share dear by a donation.
        minted = amount * (totalShares + 1) / (worth + 1);
        if (minted == 0) revert NothingGiven();
        shares[msg.sender] += minted;
        totalShares += minted;
        cash += amount;
        emit Supplied(msg.sender, amount, minted);
        _pull(stablecoin, amount);
    }

    /// @notice Takes lent stablecoin back, as far as it is not lent out. Asks for no price.
    function redeem(uint256 shares_) external nonReentrant returns (uint256 amount) {
        if (shares_ == 0) revert NothingGiven();
        if (shares_ > shares[msg.sender]) revert NotEnough(shares[msg.sender], shares_);
        amount = shares_ * (cash + totalDebt + 1) / (totalShares + 1);
        if (amount > cash) revert NotEnough(cash, amount);
        shares[msg.sender] -= shares_;
        totalShares -= shares_;
        cash -= amount;
        emit Redeemed(msg.sender, amount, shares_);
        _push(stablecoin, msg.sender, amount);
    }

    // ------------------------------------------------------------------------------------------------ borrowers

    /// @notice Adds collateral. Asks for no price.
    function deposit(uint128 amount) external nonReentrant {
        if (amount == 0) revert NothingGiven();
        positions[msg.sender].collateral += amount;
        emit Deposited(msg.sender, amount);
        _pull(collateral, amount);
    }

    /// @notice Takes collateral out. Without debt no price is asked for; with debt the position must be as healthy as for
    ///         borrowing.
    function withdraw(uint128 amount) external nonReentrant {
        Position storage position = positions[msg.sender];
        if (amount == 0) revert NothingGiven();
        if (amount > position.collateral) revert NotEnough(position.collateral, amount);
        position.collateral -= amount;
        if (position.debt != 0) _requireMayBorrow(position);
        emit Withdrawn(msg.sender, amount);
        _push(collateral, msg.sender, amount);
    }

    /// @notice Borrows stablecoin, at a price that `OracleConsumer.defaultPolicy` accepts.
    function borrow(uint128 amount) external nonReentrant {
        if (amount == 0) revert NothingGiven();
        if (amount > cash) revert NotEnough(cash, amount);
        Position storage position = positions[msg.sender];
        position.debt += amount;
        totalDebt += amount;
        cash -= amount;
        _requireMayBorrow(position);
        emit Borrowed(msg.sender, amount);
        _push(stablecoin, msg.sender, amount);
    }

    /// @notice Repays anybody's debt, at most all of it. Asks for no price.
    function repay(address borrower, uint128 amount) external nonReentrant returns (uint128 repaid) {
        Position storage position = positions[borrower];
        repaid = amount < position.debt ? amount : position.debt;
        if (repaid == 0) revert NothingGiven();
        position.debt -= repaid;
        totalDebt -= repaid;
        cash += repaid;
        emit Repaid(borrower, msg.sender, repaid);
        _pull(stablecoin, repaid);
    }

    // ------------------------------------------------------------------------------------------------ liquidators

    /// @notice Repays debt of a position above the liquidation limit and takes collateral worth as much and the bonus, at a
    ///         price that `OracleConsumer.liquidationPolicy` accepts. The price itself decides, without its confidence:
    ///         a wide confidence is no reason to seize anything.
    /// @param most How much to repay at most.
    /// @param leastSeized Reverts when less collateral would be taken.
    function liquidate(address borrower, uint128 most, uint256 leastSeized)
        external
        nonReentrant
        returns (uint256 repaid, uint256 seized)
    {
        Position storage position = positions[borrower];
        uint256 price = feeds.requireUsable(feedId, _withSequencer(OracleConsumer.liquidationPolicy(unit))).midPrice();
        uint256 limit = _worth(position.collateral, price) * liquidationLimitBps / BPS;
        if (position.debt <= limit) revert Healthy(position.debt, limit);

        repaid = most < position.debt ? most : position.debt;
        if (repaid == 0) revert NothingGiven();
        seized = repaid * _scale * (BPS + bonusBps) / (price * BPS);
        if (seized > position.collateral) {
            seized = position.collateral;
            // Rounded up: nobody takes a unit of collateral for nothing.
            repaid = (seized * price * BPS + _scale * (BPS + bonusBps) - 1) / (_scale * (BPS + bonusBps));
        }
        if (seized < leastSeized) revert TooLittleSeized(seized, leastSeized);

        position.collateral -= uint128(seized);
        position.debt -= uint128(repaid);
        // What no collateral is left for is lost, now and in the open.
        uint256 loss = position.collateral == 0 ? position.debt : 0;
        position.debt -= uint128(loss);
        totalDebt -= repaid + loss;
        cash += repaid;
        emit Liquidated(borrower, msg.sender, repaid, seized, loss);
        _pull(stablecoin, repaid);
        _push(collateral, msg.sender, seized);
    }

    // ------------------------------------------------------------------------------------------------ prices

    function _requireMayBorrow(Position storage position) private view {
        uint256 price = feeds.requireUsable(feedId, _withSequencer(OracleConsumer.defaultPolicy(unit))).collateralPrice();
        uint256 most = _worth(position.collateral, price) * borrowLimitBps / BPS;
        if (position.debt > most) revert Unhealthy(position.debt, most);
    }

    function _withSequencer(OracleConsumer.Policy memory policy) private view returns (OracleConsumer.Policy memory) {
        return policy.withSequencer(sequencerUptime, sequencerGrace);
    }

    function _worth(uint256 amount, uint256 price) private view returns (uint256) {
        return amount * price / _scale;
    }

    // ------------------------------------------------------------------------------------------------ tokens

    /// @dev After all bookkeeping. A token that takes a fee, or moves anything else than asked, is refused.
    function _pull(address token, uint256 amount) private {
        uint256 before = IToken(token).balanceOf(address(this));
        _call(token, msg.sender, address(this), amount, abi.encodeWithSelector(0x23b872dd, msg.sender, address(this), amount));
        uint256 received = IToken(token).balanceOf(address(this)) - before;
        if (received != amount) revert TransferFell(token, received, amount);
    }

    function _push(address token, address to, uint256 amount) private {
        _call(token, address(this), to, amount, abi.encodeWithSelector(0xa9059cbb, to, amount));
    }

    /// @dev Some tokens return nothing; one that returns anything but true has failed.
    function _call(address token, address from, address to, uint256 amount, bytes memory data) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, bytes memory result) = token.call(data);
        if (!ok || token.code.length == 0 || (result.length != 0 && !abi.decode(result, (bool)))) {
            revert TransferFailed(token, from, to, amount);
        }
    }
}
