// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Owned} from "./Owned.sol";

/// @notice A token that rebases at splits as Dinari's dShare does, written for tests from its description.
contract SplitRebasingToken is Owned {
    event BalancePerShareSet(uint256 balancePerShare);

    error ZeroValue();

    uint8 public constant decimals = 18;

    uint128 public balancePerShare;
    mapping(address => uint256) public sharesOf;

    function initialize(address owner_, uint128 value) external {
        _own(owner_);
        balancePerShare = value;
    }

    function setBalancePerShare(uint128 value) external onlyOwner {
        if (value == 0) revert ZeroValue();
        balancePerShare = value;
        emit BalancePerShareSet(value);
    }

    function balanceOf(address account) external view returns (uint256) {
        return (sharesOf[account] * balancePerShare) / 1e18;
    }

    function mintShares(address to, uint256 shares) external onlyOwner {
        sharesOf[to] += shares;
    }
}
