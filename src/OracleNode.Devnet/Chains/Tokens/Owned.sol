// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice One owner, set once: behind a proxy as well as without.
abstract contract Owned {
    error AlreadyOwned();
    error NotOwner();

    address public owner;

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    function _own(address owner_) internal {
        if (owner != address(0)) revert AlreadyOwned();
        owner = owner_;
    }
}
