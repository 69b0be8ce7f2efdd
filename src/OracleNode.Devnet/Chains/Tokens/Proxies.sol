// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Delegates every call. The slots are those of EIP-1967.
abstract contract Delegating {
    bytes32 internal constant IMPLEMENTATION_SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    bytes32 internal constant BEACON_SLOT = 0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50;

    fallback() external {
        address to = _implementation();
        assembly ("memory-safe") {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), to, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch ok
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }

    function _implementation() internal view virtual returns (address);

    function _load(bytes32 slot) internal view returns (address value) {
        assembly ("memory-safe") {
            value := sload(slot)
        }
    }

    function _store(bytes32 slot, address value) internal {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}

/// @notice A proxy that anybody upgrades: for tests only.
contract UpgradeableProxy is Delegating {
    constructor(address implementation_) {
        _store(IMPLEMENTATION_SLOT, implementation_);
    }

    function upgradeTo(address implementation_) external {
        _store(IMPLEMENTATION_SLOT, implementation_);
    }

    function _implementation() internal view override returns (address) {
        return _load(IMPLEMENTATION_SLOT);
    }
}

/// @notice Names the implementation of every proxy that stands in front of it.
contract Beacon {
    address public implementation;

    constructor(address implementation_) {
        implementation = implementation_;
    }

    function upgradeTo(address implementation_) external {
        implementation = implementation_;
    }
}

/// @notice A proxy that asks its beacon.
contract BeaconProxy is Delegating {
    constructor(address beacon_) {
        _store(BEACON_SLOT, beacon_);
    }

    function _implementation() internal view override returns (address) {
        return Beacon(_load(BEACON_SLOT)).implementation();
    }
}
