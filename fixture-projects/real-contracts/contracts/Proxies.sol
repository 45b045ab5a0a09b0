// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ProxyAdmin} from "@openzeppelin/contracts/proxy/transparent/ProxyAdmin.sol";
import {TransparentUpgradeableProxy} from "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";

contract Box is Initializable, OwnableUpgradeable, UUPSUpgradeable {
    uint256 public value;

    error TooLarge(uint256 value, uint256 limit);

    event Changed(uint256 value, address by);

    constructor() {
        _disableInitializers();
    }

    function initialize(uint256 value_, address owner) external initializer {
        __Ownable_init(owner);
        value = value_;
    }

    function set(uint256 value_) external virtual {
        if (value_ > 1000) revert TooLarge(value_, 1000);
        value = value_;
        emit Changed(value_, msg.sender);
    }

    function version() external pure virtual returns (string memory) {
        return "1";
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}

contract BoxV2 is Box {
    uint256 public doubled;

    function migrate() external reinitializer(2) {
        doubled = value * 2;
    }

    function version() external pure override returns (string memory) {
        return "2";
    }
}

/// Has no proxiableUUID.
contract NotUpgradeable {
    uint256 public value;
}

contract CloneFactory {
    using Clones for address;

    event Cloned(address clone);

    function clone(address implementation) external returns (address made) {
        made = implementation.clone();
        emit Cloned(made);
    }

    function cloneDeterministic(address implementation, bytes32 salt) external payable returns (address made) {
        made = implementation.cloneDeterministic(salt, msg.value);
        emit Cloned(made);
    }

    function cloneWithArguments(address implementation, bytes calldata arguments, bytes32 salt) external returns (address made) {
        made = implementation.cloneDeterministicWithImmutableArgs(arguments, salt);
        emit Cloned(made);
    }

    function predict(address implementation, bytes32 salt) external view returns (address) {
        return implementation.predictDeterministicAddress(salt);
    }

    function argumentsOf(address made) external view returns (bytes memory) {
        return made.fetchCloneArgs();
    }
}

contract Proxy1967 is ERC1967Proxy {
    constructor(address implementation, bytes memory data) payable ERC1967Proxy(implementation, data) {}
}

contract ProxyOfBeacon is BeaconProxy {
    constructor(address beacon, bytes memory data) payable BeaconProxy(beacon, data) {}
}
