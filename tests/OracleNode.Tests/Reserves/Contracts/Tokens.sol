// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

// Tokens and vaults as the documented interfaces have them: what tests read, no more.

/// Backed's form: balances and supply count displayed tokens, shares are constant.
contract BackedToken {
    uint8 public constant decimals = 18;
    bool public isPaused;
    uint256 public lastMultiplier = 1e18;
    uint256 public newMultiplier = 1e18;
    uint256 public newMultiplierActivationTime;
    uint256 public multiplierNonce;
    uint256 public totalShares;

    function getCurrentMultiplier() public view returns (uint256, uint256, uint256) {
        return (block.timestamp >= newMultiplierActivationTime ? newMultiplier : lastMultiplier, 0, multiplierNonce);
    }

    function totalSupply() external view returns (uint256) {
        (uint256 multiplier,,) = getCurrentMultiplier();
        return totalShares * multiplier / 1e18;
    }

    function mint(uint256 shares) external {
        totalShares += shares;
    }

    function schedule(uint256 multiplier, uint256 at) external {
        (lastMultiplier,,) = getCurrentMultiplier();
        (newMultiplier, newMultiplierActivationTime, multiplierNonce) = (multiplier, at, multiplierNonce + 1);
    }
}

/// Backed's wrapper: a share is a share of the token, whatever its balance.
contract BackedWrapper {
    uint8 public constant decimals = 18;
    BackedToken public asset;

    function hold(BackedToken token) external {
        asset = token;
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        (uint256 multiplier,,) = asset.getCurrentMultiplier();
        return shares * multiplier / 1e18;
    }
}

/// ERC-8056: balances and supply are raw.
contract ScaledToken {
    uint8 public constant decimals = 18;
    uint256 public totalSupply;
    uint256 public before = 1e18;
    uint256 public newUIMultiplier = 1e18;
    uint256 public effectiveAt;

    function uiMultiplier() external view returns (uint256) {
        return block.timestamp >= effectiveAt ? newUIMultiplier : before;
    }

    function mint(uint256 amount) external {
        totalSupply += amount;
    }

    function schedule(uint256 multiplier, uint256 at) external {
        (before, newUIMultiplier, effectiveAt) = (block.timestamp >= effectiveAt ? newUIMultiplier : before, multiplier, at);
    }
}

/// Dinari's form: rebases at splits.
contract RebasingToken {
    uint8 public constant decimals = 18;
    uint128 public balancePerShare = 1e18;
    uint256 private _shares;
    mapping(address => uint256) private _sharesOf;

    function totalSupply() external view returns (uint256) {
        return _shares * balancePerShare / 1e18;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _sharesOf[account] * balancePerShare / 1e18;
    }

    function mintTo(address account, uint256 amount) external {
        uint256 shares = amount * 1e18 / balancePerShare;
        _shares += shares;
        _sharesOf[account] += shares;
    }

    function setBalancePerShare(uint128 value) external {
        balancePerShare = value;
    }
}

/// A vault whose assets are its balance: who sends it tokens raises the rate.
contract Vault {
    uint8 public constant decimals = 18;
    RebasingToken public asset;
    uint256 public totalSupply;

    function hold(RebasingToken token, uint256 shares) external {
        (asset, totalSupply) = (token, shares);
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        return shares * (asset.balanceOf(address(this)) + 1) / (totalSupply + 1);
    }
}

/// The same with one thing changed: other code.
contract LaterVault is Vault {
    function version() external pure returns (uint256) {
        return 2;
    }
}

/// EIP-1967, storage of the implementation behind the first slots of the proxy.
contract Proxy {
    bytes32 private constant SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;

    function upgradeTo(address implementation) external {
        assembly {
            sstore(SLOT, implementation)
        }
    }

    fallback() external {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), sload(SLOT), 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch done
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }
}
