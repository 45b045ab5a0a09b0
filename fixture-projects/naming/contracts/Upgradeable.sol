// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
// proxies that the scenario deploys
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {TransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";

/// @dev In the style of OpenZeppelin's upgradeable contracts: all state in an ERC-7201 namespace.
abstract contract OwnableUpgradeable is Initializable {
  /// @custom:storage-location erc7201:openzeppelin.storage.Ownable
  struct OwnableStorage {
    address _owner;
  }

  // keccak256(abi.encode(uint256(keccak256("openzeppelin.storage.Ownable")) - 1)) & ~bytes32(uint256(0xff))
  bytes32 private constant OwnableStorageLocation = 0x9016d09d72d40fdae2fd8ceac6b6234c7706214fd39c1cd1e609a0528c199300;

  function _getOwnableStorage() private pure returns (OwnableStorage storage $) {
    assembly {
      $.slot := OwnableStorageLocation
    }
  }

  function __Ownable_init(address owner_) internal onlyInitializing {
    _getOwnableStorage()._owner = owner_;
  }

  function owner() public view returns (address) {
    return _getOwnableStorage()._owner;
  }
}

abstract contract ERC20Upgradeable is Initializable {
  /// @custom:storage-location erc7201:openzeppelin.storage.ERC20
  struct ERC20Storage {
    mapping(address account => uint256) _balances;
    mapping(address account => mapping(address spender => uint256)) _allowances;
    uint256 _totalSupply;
    string _name;
    string _symbol;
  }

  // keccak256(abi.encode(uint256(keccak256("openzeppelin.storage.ERC20")) - 1)) & ~bytes32(uint256(0xff))
  bytes32 private constant ERC20StorageLocation = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00;

  function _getERC20Storage() private pure returns (ERC20Storage storage $) {
    assembly {
      $.slot := ERC20StorageLocation
    }
  }

  function __ERC20_init(string memory name_) internal onlyInitializing {
    _getERC20Storage()._name = name_;
  }

  function totalSupply() public view returns (uint256) {
    return _getERC20Storage()._totalSupply;
  }

  function balanceOf(address account) public view returns (uint256) {
    return _getERC20Storage()._balances[account];
  }

  function allowance(address account, address spender) public view returns (uint256) {
    return _getERC20Storage()._allowances[account][spender];
  }

  function approve(address spender, uint256 amount) external {
    _getERC20Storage()._allowances[msg.sender][spender] = amount;
  }

  function _mint(address to, uint256 amount) internal {
    ERC20Storage storage $ = _getERC20Storage();
    $._totalSupply += amount;
    $._balances[to] += amount;
  }
}

contract PointsV1 is ERC20Upgradeable, OwnableUpgradeable, UUPSUpgradeable {
  function initialize(address owner_) external initializer {
    __ERC20_init("Points");
    __Ownable_init(owner_);
  }

  function mint(address to, uint256 amount) external virtual {
    require(msg.sender == owner());
    _mint(to, amount);
  }

  function _authorizeUpgrade(address) internal view override {
    require(msg.sender == owner());
  }
}

contract PointsV2 is PointsV1 {
  uint256 public minted;

  function mint(address to, uint256 amount) external override {
    minted += amount;
    _mint(to, amount);
  }
}

/// @dev Behind the transparent proxy, the beacon and the clones: plain variables.
contract Box is Initializable {
  uint64 public version;
  address public keeper;
  uint256[] public values;

  function setUp(address keeper_) external initializer {
    keeper = keeper_;
    version = 1;
  }

  function add(uint256 value) external {
    values.push(value);
  }
}
