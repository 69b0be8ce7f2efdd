// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Owned} from "./Owned.sol";

/// @notice A token with the scaled UI amount extension of ERC-8056 and a flag as Robinhood Chain's tokens have it, written for tests from the specification.
contract ScaledUiToken is Owned {
    event UIMultiplierUpdated(uint256 oldMultiplier, uint256 newMultiplier, uint256 setAtTimestamp, uint256 effectiveAtTimestamp);
    event Transfer(address indexed from, address indexed to, uint256 value);

    uint8 public constant decimals = 18;
    uint256 private constant ONE = 1e18;

    mapping(address => uint256) public balanceOf;
    uint256 public totalSupply;
    uint256 public newUIMultiplier;
    uint256 public effectiveAt;
    bool public oraclePaused;
    uint256 private _before;

    function initialize(address owner_, uint256 multiplier_) external {
        _own(owner_);
        (_before, newUIMultiplier) = (multiplier_, multiplier_);
    }

    function uiMultiplier() public view returns (uint256) {
        return block.timestamp >= effectiveAt ? newUIMultiplier : _before;
    }

    function balanceOfUI(address account) external view returns (uint256) {
        return toUIAmount(balanceOf[account]);
    }

    function toUIAmount(uint256 rawAmount) public view returns (uint256) {
        return (rawAmount * uiMultiplier()) / ONE;
    }

    function fromUIAmount(uint256 uiAmount) external view returns (uint256) {
        return (uiAmount * ONE) / uiMultiplier();
    }

    /// @param effectiveAtTimestamp Unix seconds; not in the future for at once.
    function setUIMultiplier(uint256 value, uint256 effectiveAtTimestamp) external onlyOwner {
        uint256 current = uiMultiplier();
        (_before, newUIMultiplier, effectiveAt) = (current, value, effectiveAtTimestamp);
        emit UIMultiplierUpdated(current, value, block.timestamp, effectiveAtTimestamp);
    }

    function setOraclePaused(bool paused_) external onlyOwner {
        oraclePaused = paused_;
    }

    function mint(address to, uint256 value) external onlyOwner {
        balanceOf[to] += value;
        totalSupply += value;
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
        return true;
    }
}
