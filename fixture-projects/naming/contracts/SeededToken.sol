// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev Storage as Solady's ERC20 lays it out: places are hashes of an account and a seed packed into
/// one word, which no compiler knows of.
contract SeededToken {
  uint256 private constant _TOTAL_SUPPLY_SLOT = 0x05345cdf77eb68f44c;
  uint256 private constant _BALANCE_SLOT_SEED = 0x87a211a2;
  uint256 private constant _ALLOWANCE_SLOT_SEED = 0x7f5e9f20;

  function mint(address to, uint256 amount) external {
    assembly {
      sstore(_TOTAL_SUPPLY_SLOT, add(sload(_TOTAL_SUPPLY_SLOT), amount))
      mstore(0x0c, _BALANCE_SLOT_SEED)
      mstore(0x00, to)
      let place := keccak256(0x0c, 0x20)
      sstore(place, add(sload(place), amount))
    }
  }

  function approve(address spender, uint256 amount) external {
    assembly {
      mstore(0x20, spender)
      mstore(0x0c, _ALLOWANCE_SLOT_SEED)
      mstore(0x00, caller())
      sstore(keccak256(0x0c, 0x34), amount)
    }
  }

  function balanceOf(address account) external view returns (uint256 result) {
    assembly {
      mstore(0x0c, _BALANCE_SLOT_SEED)
      mstore(0x00, account)
      result := sload(keccak256(0x0c, 0x20))
    }
  }
}
