// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// A token as USDT is on Ethereum: `transfer` returns nothing. Compiled ahead with solc 0.8.30 (optimizer, 200 runs); its
/// bytecode stands in mock-usdt.ts.
contract MockUsdt {
    string public constant symbol = "USDT";
    uint8 public immutable decimals;
    mapping(address => uint256) public balanceOf;
    mapping(address => bool) public isBlackListed;

    event Transfer(address indexed from, address indexed to, uint256 value);

    constructor(uint8 decimals_, uint256 supply) {
        decimals = decimals_;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transfer(address to, uint256 value) external {
        move(to, value);
    }

    /// Several transfers in one transaction, as an exchange pays out.
    function transferMany(address[] calldata to, uint256[] calldata values) external {
        for (uint256 i = 0; i < to.length; i++) move(to[i], values[i]);
    }

    function addBlackList(address who) external {
        isBlackListed[who] = true;
    }

    function move(address to, uint256 value) private {
        require(!isBlackListed[to], "blacklisted");
        require(balanceOf[msg.sender] >= value, "balance");
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        emit Transfer(msg.sender, to, value);
    }
}
