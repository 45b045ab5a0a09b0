// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev Diamond storage without an annotation, as the reference implementation has it.
library LibDiamond {
  bytes32 internal constant DIAMOND_STORAGE_POSITION = keccak256("diamond.standard.diamond.storage");

  struct DiamondStorage {
    mapping(bytes4 selector => address facet) facets;
    address contractOwner;
  }

  function diamondStorage() internal pure returns (DiamondStorage storage ds) {
    bytes32 position = DIAMOND_STORAGE_POSITION;
    assembly {
      ds.slot := position
    }
  }
}

library LibCounter {
  bytes32 internal constant POSITION = keccak256("fixture.counter");

  /// @custom:storage-location erc8042:fixture.counter
  struct Layout {
    uint128 up;
    uint128 down;
    mapping(address => uint256) byCaller;
  }

  function layout() internal pure returns (Layout storage l) {
    bytes32 position = POSITION;
    assembly {
      l.slot := position
    }
  }
}

contract Diamond {
  constructor(bytes4[] memory selectors, address[] memory facets) {
    LibDiamond.diamondStorage().contractOwner = msg.sender;
    for (uint256 i; i < selectors.length; i++) {
      LibDiamond.diamondStorage().facets[selectors[i]] = facets[i];
    }
  }

  fallback() external payable {
    address facet = LibDiamond.diamondStorage().facets[msg.sig];
    assembly {
      calldatacopy(0, 0, calldatasize())
      let ok := delegatecall(gas(), facet, 0, calldatasize(), 0, 0)
      returndatacopy(0, 0, returndatasize())
      switch ok
      case 0 { revert(0, returndatasize()) }
      default { return(0, returndatasize()) }
    }
  }
}

contract UpFacet {
  function up() external {
    LibCounter.layout().up++;
    LibCounter.layout().byCaller[msg.sender]++;
  }
}

contract DownFacet {
  function down() external {
    LibCounter.layout().down++;
    LibCounter.layout().byCaller[msg.sender]++;
  }

  function counters() external view returns (uint128, uint128, uint256) {
    LibCounter.Layout storage l = LibCounter.layout();
    return (l.up, l.down, l.byCaller[msg.sender]);
  }
}

/// @dev Its own variable and its implementation's stand in one slot.
contract ClashingProxy {
  address private target;

  constructor(address target_) {
    target = target_;
  }

  fallback() external {
    (bool ok, ) = target.delegatecall(msg.data);
    require(ok);
  }
}

contract ClashingLogic {
  uint256 private spare;
  uint256 private total;

  function work() external {
    total += spare == 0 ? 1 : 2; // reads what is the proxy's target
  }
}
