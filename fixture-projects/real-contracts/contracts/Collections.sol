// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Burnable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Burnable.sol";
import {ERC721Enumerable} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Enumerable.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Burnable} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Burnable.sol";
import {ERC1155Supply} from "@openzeppelin/contracts/token/ERC1155/extensions/ERC1155Supply.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {ERC721 as SolmateERC721} from "solmate/src/tokens/ERC721.sol";
import {ERC721 as SoladyERC721} from "solady/src/tokens/ERC721.sol";

contract Collection is ERC721, ERC721Enumerable, ERC721URIStorage, ERC721Burnable {
    constructor() ERC721("Collection", "ITEM") {}

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function safeMint(address to, uint256 id) external {
        _safeMint(to, id);
    }

    function setURI(uint256 id, string calldata uri) external {
        _setTokenURI(id, uri);
    }

    function _baseURI() internal pure override returns (string memory) {
        return "ipfs://items/";
    }

    function _update(address to, uint256 id, address auth) internal override(ERC721, ERC721Enumerable) returns (address) {
        return super._update(to, id, auth);
    }

    function _increaseBalance(address account, uint128 value) internal override(ERC721, ERC721Enumerable) {
        super._increaseBalance(account, value);
    }

    function tokenURI(uint256 id) public view override(ERC721, ERC721URIStorage) returns (string memory) {
        return super.tokenURI(id);
    }

    function supportsInterface(bytes4 id) public view override(ERC721, ERC721Enumerable, ERC721URIStorage) returns (bool) {
        return super.supportsInterface(id);
    }
}

contract SolmateCollection is SolmateERC721 {
    constructor() SolmateERC721("Collection", "ITEM") {}

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function safeMint(address to, uint256 id) external {
        _safeMint(to, id);
    }

    function burn(uint256 id) external {
        _burn(id);
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }
}

contract SoladyCollection is SoladyERC721 {
    function name() public pure override returns (string memory) {
        return "Collection";
    }

    function symbol() public pure override returns (string memory) {
        return "ITEM";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }

    function safeMint(address to, uint256 id) external {
        _safeMint(to, id);
    }

    function burn(uint256 id) external {
        _burn(msg.sender, id);
    }
}

contract Items is ERC1155, ERC1155Supply, ERC1155Burnable {
    constructor() ERC1155("https://items/{id}.json") {}

    function mint(address to, uint256 id, uint256 amount, bytes calldata data) external {
        _mint(to, id, amount, data);
    }

    function mintBatch(address to, uint256[] calldata ids, uint256[] calldata amounts, bytes calldata data) external {
        _mintBatch(to, ids, amounts, data);
    }

    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override(ERC1155, ERC1155Supply) {
        super._update(from, to, ids, values);
    }
}

/// Takes tokens, refuses them in four ways, or answers wrongly.
contract Receiver is IERC721Receiver, IERC1155Receiver {
    enum Manners { Good, WrongAnswer, CustomError, Reason, Panic, Silent }

    error Refused(address operator, uint256 id);

    event Received(address operator, address from, uint256 id, bytes data, uint256 gasIsPositive);
    event BatchReceived(address operator, address from, uint256[] ids, uint256[] values, bytes data);

    Manners private immutable manners;

    constructor(Manners manners_) {
        manners = manners_;
    }

    function behave(bytes4 answer, uint256 id) private view returns (bytes4) {
        if (manners == Manners.CustomError) revert Refused(msg.sender, id);
        require(manners != Manners.Reason, "Receiver: not this one");
        if (manners == Manners.Silent) revert();
        if (manners == Manners.Panic) {
            uint256 zero = id - id;
            id / zero;
        }
        return manners == Manners.WrongAnswer ? bytes4(0x12345678) : answer;
    }

    function onERC721Received(address operator, address from, uint256 id, bytes calldata data) external returns (bytes4) {
        emit Received(operator, from, id, data, gasleft() > 0 ? 1 : 0);
        return behave(this.onERC721Received.selector, id);
    }

    function onERC1155Received(address operator, address from, uint256 id, uint256, bytes calldata data) external returns (bytes4) {
        emit Received(operator, from, id, data, gasleft() > 0 ? 1 : 0);
        return behave(this.onERC1155Received.selector, id);
    }

    function onERC1155BatchReceived(address operator, address from, uint256[] calldata ids, uint256[] calldata values, bytes calldata data) external returns (bytes4) {
        emit BatchReceived(operator, from, ids, values, data);
        return behave(this.onERC1155BatchReceived.selector, ids.length);
    }

    function supportsInterface(bytes4) external pure returns (bool) {
        return true;
    }
}
