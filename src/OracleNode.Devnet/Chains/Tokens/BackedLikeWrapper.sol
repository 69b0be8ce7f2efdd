// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BackedLikeToken} from "./BackedLikeToken.sol";

/// @notice What is read of a wrapper as Backed's, written from its description: a share stands for one raw token, so that it converts to as many displayed tokens as the token's
/// multiplier says, and nobody can move the rate by sending it anything.
contract BackedLikeWrapper {
    uint8 public constant decimals = 18;
    uint256 private constant ONE = 1e18;

    BackedLikeToken public immutable asset;

    constructor(BackedLikeToken asset_) {
        asset = asset_;
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        (uint256 multiplier,,) = asset.getCurrentMultiplier();
        return (shares * multiplier) / ONE;
    }

    function convertToShares(uint256 assets) external view returns (uint256) {
        (uint256 multiplier,,) = asset.getCurrentMultiplier();
        return (assets * ONE) / multiplier;
    }

    /// @notice Displayed tokens that it holds.
    function totalAssets() external view returns (uint256) {
        return asset.balanceOf(address(this));
    }
}
