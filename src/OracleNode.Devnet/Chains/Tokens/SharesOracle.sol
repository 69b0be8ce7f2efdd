// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Owned} from "./Owned.sol";

/// @notice An oracle of synthetic shares as Ondo's, written for tests from its interface: a large step is staged behind a pause, and applied when the pause ends.
contract SharesOracle is Owned {
    struct Asset {
        uint128 sValue;
        uint128 pendingSValue;
        uint256 pauseStartTime;
    }

    event SValueUpdated(address indexed asset, uint256 oldSValue, uint256 newSValue);
    event CorporateActionScheduled(address indexed asset, uint128 sValue, uint256 pauseStartTime);

    error AssetNotFound();
    error PauseNotYetStarted();

    mapping(address => Asset) private _assets;

    function initialize(address owner_) external {
        _own(owner_);
    }

    function getSValue(address asset) external view returns (uint128 sValue, bool paused) {
        Asset storage a = _assets[asset];
        if (a.sValue == 0) revert AssetNotFound();
        return (a.sValue, _isPaused(a));
    }

    function setSValue(address asset, uint128 value) external onlyOwner {
        emit SValueUpdated(asset, _assets[asset].sValue, value);
        _assets[asset].sValue = value;
    }

    function schedule(address asset, uint128 value, uint256 pauseStartTime) external onlyOwner {
        (_assets[asset].pendingSValue, _assets[asset].pauseStartTime) = (value, pauseStartTime);
        emit CorporateActionScheduled(asset, value, pauseStartTime);
    }

    function unpause(address asset) external onlyOwner {
        Asset storage a = _assets[asset];
        if (!_isPaused(a)) revert PauseNotYetStarted();
        (a.sValue, a.pendingSValue, a.pauseStartTime) = (a.pendingSValue, 0, 0);
    }

    function _isPaused(Asset storage a) private view returns (bool) {
        return a.pauseStartTime != 0 && block.timestamp >= a.pauseStartTime;
    }
}
