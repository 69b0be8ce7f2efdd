// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Owned} from "./Owned.sol";

/// @notice A rebasing token with the multiplier interface of Backed's, written for tests from its description: balances are shares times a multiplier,
/// the next multiplier takes over at its time without any transaction, and a schedule that is still pending is replaced in place.
contract BackedLikeToken is Owned {
    event MultiplierScheduled(uint256 newMultiplier, uint256 activationTime);
    event MultiplierScheduleOverridden(uint256 oldMultiplier, uint256 oldTime, uint256 newMultiplier, uint256 newTime);
    event Transfer(address indexed from, address indexed to, uint256 value);

    error ScheduleTooFar(uint256 activationTime, uint256 latest);
    error Paused();

    uint8 public constant decimals = 18;
    uint256 private constant ONE = 1e18;

    uint256 public lastMultiplier;
    uint256 public newMultiplier;
    uint256 public newMultiplierActivationTime;
    uint256 public lastMultiplierNonce;
    uint256 public newMultiplierNonce;
    uint256 public feePerPeriod;
    uint256 public periodLength;
    uint256 public lastTimeFeeApplied;
    bool public isPaused;
    mapping(address => uint256) public sharesOf;
    uint256 public totalShares;

    function initialize(address owner_, uint256 multiplier_) external {
        _own(owner_);
        (lastMultiplier, newMultiplier) = (multiplier_, multiplier_);
        (periodLength, lastTimeFeeApplied) = (7 days, block.timestamp);
    }

    function getCurrentMultiplier() public view returns (uint256 current, uint256 periodsPassed, uint256 nonce) {
        if (block.timestamp < newMultiplierActivationTime) return (lastMultiplier, 0, lastMultiplierNonce);
        periodsPassed = (block.timestamp - lastTimeFeeApplied) / periodLength;
        (current, nonce) = (newMultiplier, newMultiplierNonce);
        if (feePerPeriod == 0) return (current, periodsPassed, nonce);
        for (uint256 i = 0; i < periodsPassed; ++i) current = (current * (ONE - feePerPeriod)) / ONE;
        nonce += periodsPassed;
    }

    function multiplier() external view returns (uint256) {
        return block.timestamp < newMultiplierActivationTime ? lastMultiplier : newMultiplier;
    }

    function multiplierNonce() external view returns (uint256) {
        return block.timestamp < newMultiplierActivationTime ? lastMultiplierNonce : newMultiplierNonce;
    }

    /// @param activationTime Unix seconds; 0, or a time in the past, for at once.
    function updateMultiplierValue(uint256 value, uint256 activationTime) external onlyOwner {
        (uint256 current, uint256 periods, uint256 nonce) = getCurrentMultiplier();
        uint256 latest = lastTimeFeeApplied + periodLength * (periods + 1);
        if (activationTime >= latest) revert ScheduleTooFar(activationTime, latest);
        if (block.timestamp < newMultiplierActivationTime) {
            emit MultiplierScheduleOverridden(newMultiplier, newMultiplierActivationTime, value, activationTime);
        }

        lastTimeFeeApplied += periodLength * periods;
        (lastMultiplier, lastMultiplierNonce) = (current, nonce);
        (newMultiplier, newMultiplierNonce, newMultiplierActivationTime) = (value, nonce + 1, activationTime);
        emit MultiplierScheduled(value, activationTime);
    }

    function setFeePerPeriod(uint256 fee) external onlyOwner {
        feePerPeriod = fee;
    }

    function setPause(bool paused_) external onlyOwner {
        isPaused = paused_;
    }

    function balanceOf(address account) external view returns (uint256) {
        (uint256 current,,) = getCurrentMultiplier();
        return (sharesOf[account] * current) / ONE;
    }

    function totalSupply() external view returns (uint256) {
        (uint256 current,,) = getCurrentMultiplier();
        return (totalShares * current) / ONE;
    }

    function mintShares(address to, uint256 shares) external onlyOwner {
        sharesOf[to] += shares;
        totalShares += shares;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        if (isPaused) revert Paused();
        (uint256 current,,) = getCurrentMultiplier();
        uint256 shares = (value * ONE) / current;
        sharesOf[msg.sender] -= shares;
        sharesOf[to] += shares;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

/// @notice The same interface, other code: what an upgrade puts behind a beacon.
contract BackedLikeTokenNext is BackedLikeToken {
    string public constant VERSION = "next";
}
