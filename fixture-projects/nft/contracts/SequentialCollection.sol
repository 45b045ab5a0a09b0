// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Sale} from "./Sale.sol";

/// @title Numbered tokens with cheap minting of several at once, in the manner of ERC721A: only the
/// first token of a batch notes its owner, the others are looked up by going back to it.
contract SequentialCollection is Sale {
    struct Ownership {
        address owner;
        uint64 since;
    }

    struct Account {
        uint64 balance;
        uint64 minted;
    }

    string public constant name = "Sequential";
    string public constant symbol = "SEQ";

    uint256 private _currentIndex;
    mapping(uint256 tokenId => Ownership) private _ownerships;
    mapping(address owner => Account) private _accounts;
    mapping(uint256 tokenId => address) private _approvals;
    mapping(address owner => mapping(address operator => bool)) public isApprovedForAll;

    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    error NoSuchToken(uint256 tokenId);
    error NotTheOwner(address account, uint256 tokenId);
    error NotAllowed(address caller, uint256 tokenId);
    error ZeroAddress();

    constructor(uint256 price_, address[] memory holders) Sale(price_) {
        for (uint256 i = 0; i < holders.length; i++) _mintBatch(holders[i], 2);
    }

    function mint(uint256 quantity) external payable paid(quantity) {
        _mintBatch(msg.sender, quantity);
    }

    function totalSupply() external view returns (uint256) {
        return _currentIndex;
    }

    function balanceOf(address owner) external view returns (uint256) {
        return _accounts[owner].balance;
    }

    function numberMinted(address owner) external view returns (uint256) {
        return _accounts[owner].minted;
    }

    function ownerOf(uint256 tokenId) public view returns (address) {
        return _ownershipOf(tokenId).owner;
    }

    function getApproved(uint256 tokenId) public view returns (address) {
        if (tokenId >= _currentIndex) revert NoSuchToken(tokenId);
        return _approvals[tokenId];
    }

    function approve(address to, uint256 tokenId) external {
        address owner = ownerOf(tokenId);
        if (msg.sender != owner && !isApprovedForAll[owner][msg.sender]) revert NotAllowed(msg.sender, tokenId);
        _approvals[tokenId] = to;
        emit Approval(owner, to, tokenId);
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    function transferFrom(address from, address to, uint256 tokenId) external {
        Ownership memory previous = _ownershipOf(tokenId);
        if (previous.owner != from) revert NotTheOwner(from, tokenId);
        if (to == address(0)) revert ZeroAddress();
        address approved = _approvals[tokenId];
        if (msg.sender != from && msg.sender != approved && !isApprovedForAll[from][msg.sender]) {
            revert NotAllowed(msg.sender, tokenId);
        }
        if (approved != address(0)) delete _approvals[tokenId];

        _accounts[from].balance--;
        _accounts[to].balance++;
        _ownerships[tokenId] = Ownership(to, uint64(block.timestamp));
        // The rest of the batch behind this token stays with its owner: its first now has to say so.
        uint256 next = tokenId + 1;
        if (_ownerships[next].owner == address(0) && next != _currentIndex) _ownerships[next] = previous;
        emit Transfer(from, to, tokenId);
    }

    function _mintBatch(address to, uint256 quantity) private {
        uint256 first = _currentIndex;
        _ownerships[first] = Ownership(to, uint64(block.timestamp));
        _accounts[to].balance += uint64(quantity);
        _accounts[to].minted += uint64(quantity);
        for (uint256 i = 0; i < quantity; i++) emit Transfer(address(0), to, first + i);
        _currentIndex = first + quantity;
    }

    function _ownershipOf(uint256 tokenId) private view returns (Ownership memory ownership) {
        if (tokenId >= _currentIndex) revert NoSuchToken(tokenId);
        ownership = _ownerships[tokenId];
        while (ownership.owner == address(0)) ownership = _ownerships[--tokenId];
    }
}
