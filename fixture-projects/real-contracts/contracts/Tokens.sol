// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Capped} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Capped.sol";
import {ERC20FlashMint} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20FlashMint.sol";
import {ERC20Pausable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Pausable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC3156FlashBorrower} from "@openzeppelin/contracts/interfaces/IERC3156FlashBorrower.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ERC20 as SolmateERC20} from "solmate/src/tokens/ERC20.sol";
import {ERC20 as SoladyERC20} from "solady/src/tokens/ERC20.sol";

/// OpenZeppelin's ERC20 with everything on it but votes.
contract Coin is ERC20, ERC20Burnable, ERC20Pausable, ERC20Permit, ERC20FlashMint, Ownable {
    constructor() ERC20("Coin", "COIN") ERC20Permit("Coin") Ownable(msg.sender) {}

    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    function pause() external onlyOwner {
        _pause();
    }

    function unpause() external onlyOwner {
        _unpause();
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Pausable) {
        super._update(from, to, value);
    }
}

contract CappedCoin is ERC20, ERC20Capped {
    constructor(uint256 cap_) ERC20("Capped", "CAP") ERC20Capped(cap_) {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Capped) {
        super._update(from, to, value);
    }
}

contract VoteCoin is ERC20, ERC20Permit, ERC20Votes {
    constructor() ERC20("Vote", "VOTE") ERC20Permit("Vote") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}

contract WrappedCoin is ERC20, ERC20Wrapper {
    constructor(IERC20 token) ERC20("Wrapped", "W") ERC20Wrapper(token) {}

    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }
}

contract Vault is ERC4626 {
    constructor(IERC20 asset_) ERC20("Vault", "vCOIN") ERC4626(asset_) {}
}

/// Returns the loan, or does not, as it was built.
contract FlashBorrower is IERC3156FlashBorrower {
    enum Manners { Good, NoApproval, WrongAnswer }

    Manners private immutable manners;

    event Borrowed(address token, uint256 amount, uint256 balance, bytes data);

    constructor(Manners manners_) {
        manners = manners_;
    }

    function onFlashLoan(address, address token, uint256 amount, uint256 fee, bytes calldata data) external returns (bytes32) {
        emit Borrowed(token, amount, IERC20(token).balanceOf(address(this)), data);
        if (manners != Manners.NoApproval) {
            IERC20(token).approve(msg.sender, amount + fee);
        }
        return manners == Manners.WrongAnswer ? bytes32(0) : keccak256("ERC3156FlashBorrower.onFlashLoan");
    }
}

/// A token of 2017: no return values.
contract OldToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    constructor() {
        balanceOf[msg.sender] = 1000;
    }

    function transfer(address to, uint256 amount) external {
        require(balanceOf[msg.sender] >= amount, "too little");
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    /// Must be set to zero first, as USDT wants it.
    function approve(address spender, uint256 amount) external {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "allowance is not zero");
        allowance[msg.sender][spender] = amount;
    }
}

contract LyingToken {
    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }
}

contract Spender {
    using SafeERC20 for IERC20;

    function pay(IERC20 token, address to, uint256 amount) external {
        token.safeTransfer(to, amount);
    }

    function force(IERC20 token, address spender, uint256 amount) external {
        token.forceApprove(spender, amount);
    }

    function increase(IERC20 token, address spender, uint256 amount) external {
        token.safeIncreaseAllowance(spender, amount);
    }

    function decrease(IERC20 token, address spender, uint256 amount) external {
        token.safeDecreaseAllowance(spender, amount);
    }
}

contract SolmateCoin is SolmateERC20 {
    constructor() SolmateERC20("Coin", "COIN", 18) {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }
}

contract SoladyCoin is SoladyERC20 {
    function name() public pure override returns (string memory) {
        return "Coin";
    }

    function symbol() public pure override returns (string memory) {
        return "COIN";
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }
}
