/**
 * The slots of the fixture projects' contracts: names as their READMEs list them, and the value in
 * each named slot against the contract's own getter.
 */
import { expect } from "chai";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import { createNaming } from "../../../src/analysis/naming/naming";
import type { Address } from "../../../src/state/hex";
import { compileFixture } from "./compile";
import { RecordedChain, SENDER } from "./recorded-chain";

// Hardhat's accounts 1 and 2, and the sender, as EIP-55 writes them
const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const ADMIN = "0x00000000000000000000000000000000000A11cE";

/** A slot's expected name, and the value it must hold. */
type Expected = Readonly<Record<string, bigint>>;

describe("slots of the fixture projects", () => {
  let contracts: ReadonlyMap<string, ContractMetadata>;
  let chain: RecordedChain;

  function contract(name: string): ContractMetadata {
    const found = contracts.get(name);
    if (found === undefined) {
      throw new Error(`${name} was not compiled`);
    }
    return found;
  }

  /** Variables of a contract by slot, packed ones together. */
  function variables(name: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { slot, label } of contract(name).storageLayout?.storage ?? []) {
      found[slot] = found[slot] === undefined ? label : `${found[slot]}, ${label}`;
    }
    return found;
  }

  /** Names and values of all slots of an account that any transaction touched. */
  async function allSlots(address: Address): Promise<Expected> {
    const naming = createNaming({ metadata: [...contracts.values()], evidence: chain.blocks });
    const found: Record<string, bigint> = {};
    for (const { transactions } of chain.blocks) {
      for (const { trace } of transactions) {
        for (const { location, frame } of trace.accesses) {
          if (location.kind === "storage" && location.address === address) {
            const codeHash = trace.frames[frame]?.codeHash;
            const name = naming.slot(address, location.slot, undefined, codeHash);
            expect(name.resolved, name.label).to.equal(true);
            found[name.label] = await chain.storage(address, location.slot);
          }
        }
      }
    }
    return found;
  }

  async function number(
    name: string,
    address: Address,
    getter: string,
    args: readonly unknown[] = [],
  ) {
    return BigInt(String(await chain.ask(contract(name), address, getter, args)));
  }

  describe("token", () => {
    before(() => {
      contracts = compileFixture("token", { optimizer: true });
    });

    it("has the variables that its README lists", () => {
      expect(variables("LoyaltyToken")).to.deep.equal({
        0: "_balances",
        1: "_allowances",
        2: "_totalSupply",
        3: "_name",
        4: "_symbol",
        5: "_paused",
        6: "_roles",
        7: "lastEarned",
      });
    });

    it("every slot it touches has the name and the value that its getters give", async () => {
      chain = await RecordedChain.create();
      const token = contract("LoyaltyToken");
      const address = await chain.deploy(token, [SENDER, 1_000_000n]);
      const role = String(await chain.ask(token, address, "MINTER_ROLE"));
      await chain.call(token, address, "grantRole", [role, SENDER]);
      await chain.call(token, address, "mint", [ALICE, 250n]);
      await chain.call(token, address, "transfer", [BOB, 40n]);
      await chain.call(token, address, "approve", [BOB, 9n]);
      await chain.call(token, address, "pause");

      const get = (getter: string, ...args: unknown[]) =>
        number("LoyaltyToken", address, getter, args);
      const admin = `0x${"0".repeat(64)}`;
      expect(await allSlots(address)).to.deep.equal({
        [`_balances[${ADMIN}]`]: await get("balanceOf", ADMIN),
        [`_balances[${ALICE}]`]: await get("balanceOf", ALICE),
        [`_balances[${BOB}]`]: await get("balanceOf", BOB),
        [`_allowances[${ADMIN}][${BOB}]`]: await get("allowance", ADMIN, BOB),
        _totalSupply: await get("totalSupply"),
        _name: BigInt(`0x${Buffer.from("Loyalty".padEnd(32, "\0")).toString("hex")}`) | 14n,
        _symbol: BigInt(`0x${Buffer.from("LOY".padEnd(32, "\0")).toString("hex")}`) | 6n,
        _paused: 1n,
        [`_roles[${admin}].hasRole[${ADMIN}]`]: 1n,
        [`_roles[MINTER_ROLE].hasRole[${ADMIN}]`]: 1n,
        [`_roles[PAUSER_ROLE].hasRole[${ADMIN}]`]: 1n,
        "_roles[MINTER_ROLE].adminRole": 0n,
        [`lastEarned[${ALICE}]`]: await get("lastEarned", ALICE),
      });
    });
  });

  describe("amm", () => {
    before(() => {
      contracts = compileFixture("amm", { optimizer: true });
    });

    it("has the variables that its README lists", () => {
      expect(variables("Pool")).to.deep.equal({
        0: "totalSupply",
        1: "balanceOf",
        2: "allowance",
        3: "factory",
        4: "token0",
        5: "token1",
        6: "reserve0, reserve1, blockTimestampLast",
        7: "price0CumulativeLast",
        8: "price1CumulativeLast",
        9: "unlocked",
      });
      expect(variables("PoolFactory")).to.deep.equal({ 0: "getPool", 1: "allPools" });
      expect(variables("Router")).to.deep.equal({});
    });

    it("every slot of a pool and its factory has the name and the value that its getters give", async () => {
      chain = await RecordedChain.create();
      const [token, factory, pool] = ["TestToken", "PoolFactory", "Pool"].map(contract);
      if (token === undefined || factory === undefined || pool === undefined) {
        throw new Error("the fixture lacks a contract");
      }
      const a = await chain.deploy(token, ["A", "A"]);
      const b = await chain.deploy(token, ["B", "B"]);
      const [token0, token1] = a < b ? [a, b] : [b, a];
      const made = await chain.deploy(factory);
      const created = await chain.call(factory, made, "createPool", [a, b]);
      const address = created.record.deployed[0]?.address ?? "0x";
      await chain.call(token, token0, "mint", [address, 4_000_000n]);
      await chain.call(token, token1, "mint", [address, 1_000_000n]);
      await chain.call(pool, address, "mint", [SENDER]);
      await chain.call(token, token0, "mint", [address, 1_000n]);
      await chain.call(pool, address, "swap", [0n, 200n, ALICE]);

      const get = (getter: string, ...args: unknown[]) => number("Pool", address, getter, args);
      expect(await allSlots(address)).to.deep.equal({
        totalSupply: await get("totalSupply"),
        "balanceOf[0x0000000000000000000000000000000000000000]": 1000n,
        [`balanceOf[${ADMIN}]`]: await get("balanceOf", ADMIN),
        factory: BigInt(made),
        token0: BigInt(token0),
        token1: BigInt(token1),
        // 4,001,000 and 999,800 in 14 bytes each; the recording chain's blocks have timestamp 0
        "reserve0, reserve1, blockTimestampLast": 4_001_000n | (999_800n << 112n),
        unlocked: 1n,
      });
      const { getAddress } = await import("ethers");
      expect(await allSlots(made)).to.deep.equal({
        [`getPool[${getAddress(token0)}][${getAddress(token1)}]`]: BigInt(address),
        [`getPool[${getAddress(token1)}][${getAddress(token0)}]`]: BigInt(address),
        "allPools.length": 1n,
        "allPools[0]": BigInt(address),
      });
    });
  });

  describe("counter", () => {
    before(() => {
      contracts = compileFixture("counter", { optimizer: true });
    });

    it("has the variables that its README lists", () => {
      expect(variables("TicketSale")).to.deep.equal({
        0: "totalSold",
        1: "totalVolume",
        2: "ticketsOf",
        3: "closed",
      });
      expect(variables("ShardedTicketSale")).to.deep.equal({
        0: "buckets",
        16: "ticketsOf",
        17: "closed",
      });
    });

    it("a purchase touches the totals, or the buyer's bucket", async () => {
      chain = await RecordedChain.create();
      const [sale, sharded] = ["TicketSale", "ShardedTicketSale"].map(contract);
      if (sale === undefined || sharded === undefined) {
        throw new Error("the fixture lacks a contract");
      }
      const plain = await chain.deploy(sale, [0n]);
      await chain.call(sale, plain, "buy", [3n]);
      expect(await allSlots(plain)).to.deep.equal({
        closed: 0n,
        totalSold: await number("TicketSale", plain, "totalSold"),
        totalVolume: 0n,
        [`ticketsOf[${ADMIN}]`]: 3n,
      });
      const twin = await chain.deploy(sharded, [0n]);
      await chain.call(sharded, twin, "buy", [3n]);
      // the sender's address ends in e: bucket 14
      expect(await allSlots(twin)).to.deep.equal({
        closed: 0n,
        "buckets[14].{sold, volume}": await number("ShardedTicketSale", twin, "totalSold"),
        [`ticketsOf[${ADMIN}]`]: 3n,
      });
    });
  });
});
