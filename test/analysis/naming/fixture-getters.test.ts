/**
 * The slots of the fixture projects in both designs: the variables that a run touches as the
 * contracts declare them, and what each slot holds against the contract's own getters.
 * token, amm and counter: fixture-slots.test.ts; naming: naming-project.test.ts.
 */
import { expect } from "chai";
import { AbiCoder, keccak256, solidityPackedKeccak256 } from "ethers";
import type { ContractMetadata } from "../../../src/analysis/contract-metadata";
import type { Address } from "../../../src/state/hex";
import { compileFixture } from "./compile";
import { type ByHand, checkAgainstGetters } from "./getter-check";
import { RecordedChain, SENDER } from "./recorded-chain";

const ALICE: Address = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const BOB: Address = "0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc";
const ETHER = 10n ** 18n;
const HASH = `0x${"5a".repeat(32)}`;

/** Deploys by name; calls as the sender, with ether if given. */
class Stage {
  readonly #at = new Map<string, { contract: ContractMetadata; address: Address }>();

  constructor(
    readonly chain: RecordedChain,
    readonly contracts: ReadonlyMap<string, ContractMetadata>,
  ) {}

  async deploy(name: string, ...args: unknown[]): Promise<Address> {
    const contract = this.contracts.get(name);
    if (contract === undefined) throw new Error(`${name} was not compiled`);
    const address = await this.chain.deploy(contract, args);
    this.#at.set(name, { contract, address });
    return address;
  }

  async call(name: string, fn: string, args: readonly unknown[] = [], value = 0n): Promise<void> {
    const found = this.#at.get(name);
    if (found === undefined) throw new Error(`${name} was not deployed`);
    await this.chain.call(found.contract, found.address, fn, args, value);
  }
}

interface Play {
  readonly project: string;
  run(stage: Stage): Promise<void>;
  /** `Contract.variable` of every slot that the run touches, as declared */
  readonly variables: readonly string[];
  /** those that have no getter of their name */
  readonly byHand: Readonly<Record<string, ByHand>>;
}

/** The hash of a Merkle tree's only leaf is its root. */
function onlyLeaf(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

/** OpenZeppelin's ERC-20 without allowances. */
const erc20 = (contract: string): Readonly<Record<string, ByHand>> => ({
  [`${contract}._balances[*]`]: "balanceOf",
  [`${contract}._totalSupply`]: "totalSupply",
  [`${contract}._name`]: "name",
  [`${contract}._symbol`]: "symbol",
});

const erc721 = (contract: string): Readonly<Record<string, ByHand>> => ({
  [`${contract}._name`]: "name",
  [`${contract}._symbol`]: "symbol",
  [`${contract}._owners[*]`]: "ownerOf",
  [`${contract}._balances[*]`]: "balanceOf",
  [`${contract}._tokenApprovals[*]`]: "getApproved",
  [`${contract}._operatorApprovals[*][*]`]: "isApprovedForAll",
});

const AIRDROP: Play = {
  project: "airdrop",
  async run(stage) {
    const token = await stage.deploy("AirdropToken", 1_000n);
    const push = await stage.deploy("PushAirdrop", token);
    const leaf = onlyLeaf(["uint256", "address", "uint256"], [300n, ALICE, 7n]);
    const merkle = await stage.deploy("MerkleAirdrop", token, leaf);
    await stage.deploy("ClaimableToken", onlyLeaf(["address", "uint256"], [SENDER, 50n]), 50n);
    await stage.call("AirdropToken", "transfer", [push, 100n]);
    await stage.call("AirdropToken", "transfer", [merkle, 200n]);
    await stage.call("PushAirdrop", "addAgents", [[SENDER, BOB]]);
    await stage.call("PushAirdrop", "distribute", [[ALICE, BOB], 5n]);
    await stage.call("MerkleAirdrop", "claim", [300n, ALICE, 7n, []]);
    await stage.call("ClaimableToken", "claim", [SENDER, 50n, []]);
    await stage.call("ClaimableToken", "transfer", [BOB, 20n]);
  },
  variables: [
    ...Object.keys(erc20("AirdropToken")),
    "ClaimableToken.balanceOf[*]",
    "ClaimableToken.claimed[*]",
    "MerkleAirdrop.claimedBitMap[*]",
    "PushAirdrop.isAgent[*]",
  ],
  byHand: erc20("AirdropToken"),
};

const CROWDSALE: Play = {
  project: "crowdsale",
  async run(stage) {
    for (const name of ["Crowdsale", "SettledCrowdsale"]) {
      await stage.deploy(name, 3n, 1_000n, BOB);
      await stage.call(name, "buyTokens", [ALICE], 40n);
      await stage.call(name, "buyTokens", [SENDER], 2n);
    }
    await stage.call("SettledCrowdsale", "settle");
    await stage.call("SettledCrowdsale", "transfer", [BOB, 1n]);
  },
  variables: [
    ...Object.keys(erc20("CrowdToken")),
    "Crowdsale.weiRaised",
    "SettledCrowdsale.balanceOf[*]",
    "SettledCrowdsale.contributionOf[*]",
    "SettledCrowdsale.settled",
  ],
  byHand: erc20("CrowdToken"),
};

const PLAYER = ["exists", "tile", "wood", "tools", "score"];

const GAME: Play = {
  project: "game",
  async run(stage) {
    for (const name of ["GameWorld", "TileWorld"]) {
      await stage.deploy(name, [SENDER, ALICE], [8, 70], 20);
      await stage.call(name, "move", [9]);
      await stage.call(name, "gather");
      await stage.call(name, "craft", [6]);
      await stage.call(name, "buyLand", [9n], 1_000n);
    }
  },
  variables: [
    ...PLAYER.map((member) => `GameWorld.players[*].${member}`),
    "GameWorld.gatheredFrom[*]",
    "GameWorld.leader",
    "GameWorld.leaderScore",
    "GameWorld.rngNonce",
    "GameWorld.tick",
    "GameWorld.tileOwner[*]",
    "GameWorld.totalMinted",
    ...[...PLAYER, "turns"].map((member) => `TileWorld.players[*].${member}`),
    "TileWorld.gatheredFrom[*]",
    "TileWorld.tileOwner[*]",
  ],
  byHand: {},
};

const MARKET = ["accrualBlockNumber", "borrowIndex", "totalBorrows", "totalReserves"];
const SNAPSHOT = ["principal", "interestIndex"];

const LENDING: Play = {
  project: "lending",
  async run(stage) {
    const feed = await stage.deploy("PriceFeed", SENDER, 2n * ETHER);
    await stage.deploy("LendingMarket", feed);
    await stage.deploy("IsolatedMarkets", SENDER);
    await stage.call("IsolatedMarkets", "setPrice", [4n, 2n * ETHER]);
    for (const [name, ...id] of [["LendingMarket"], ["IsolatedMarkets", 4n]] as const) {
      await stage.call(name, "creditCollateral", [...id, [SENDER, ALICE], 3n * ETHER]);
      await stage.call(name, "deposit", id, 900n);
      await stage.call(name, "borrow", [...id, 50n]);
      await stage.call(name, "repay", id, 20n);
      await stage.call(name, "redeem", [...id, 100n]);
    }
  },
  variables: [
    ...[...MARKET, "totalSupply", "cash"].map((member) => `IsolatedMarkets.markets[*].${member}`),
    ...SNAPSHOT.map((member) => `IsolatedMarkets.accountBorrows[*][*].${member}`),
    "IsolatedMarkets.accountTokens[*][*]",
    "IsolatedMarkets.collateral[*][*]",
    "IsolatedMarkets.priceOf[*]",
    ...[...MARKET, "totalSupply", "_notEntered"].map((variable) => `LendingMarket.${variable}`),
    ...SNAPSHOT.map((member) => `LendingMarket.accountBorrows[*].${member}`),
    "LendingMarket.accountTokens[*]",
    "LendingMarket.collateral[*]",
    "PriceFeed.price",
  ],
  // a lock is open between calls
  byHand: { "LendingMarket._notEntered": 1n },
};

const NFT: Play = {
  project: "nft",
  async run(stage) {
    for (const name of ["EnumerableCollection", "HashedCollection", "SequentialCollection"]) {
      await stage.deploy(name, 10n, [SENDER, ALICE]);
      await stage.call(name, "setSale", [true, 11n]);
      await stage.call(name, "mint", [3n], 33n);
      await stage.call(name, "setApprovalForAll", [ALICE, true]);
    }
    // tokens 0 and 1 are the sender's, 2 and 3 ALICE's, 4 to 6 the sender's
    for (const name of ["EnumerableCollection", "SequentialCollection"]) {
      await stage.call(name, "approve", [ALICE, 6n]);
      await stage.call(name, "transferFrom", [SENDER, BOB, 4n]);
    }
  },
  variables: [
    ...["EnumerableCollection", "HashedCollection", "SequentialCollection"].flatMap((name) => [
      `${name}.price`,
      `${name}.saleOpen`,
    ]),
    ...Object.keys(erc721("EnumerableCollection")),
    ...["_allTokens.length", "_allTokens[*]", "_allTokensIndex[*]", "_nextTokenId"].map(
      (variable) => `EnumerableCollection.${variable}`,
    ),
    "EnumerableCollection._ownedTokensIndex[*]",
    "EnumerableCollection._ownedTokens[*][*]",
    // nothing is approved or moved in the hashed one
    ...Object.keys(erc721("HashedCollection")).filter((name) => !name.includes("_tokenApprovals")),
    "HashedCollection.mintedBy[*]",
    "SequentialCollection._accounts[*].balance",
    "SequentialCollection._accounts[*].minted",
    "SequentialCollection._approvals[*]",
    "SequentialCollection._currentIndex",
    "SequentialCollection._ownerships[*].owner",
    "SequentialCollection._ownerships[*].since",
    "SequentialCollection.isApprovedForAll[*][*]",
  ],
  byHand: {
    ...erc721("EnumerableCollection"),
    ...erc721("HashedCollection"),
    "EnumerableCollection._allTokens.length": "totalSupply",
    "EnumerableCollection._allTokens[*]": "tokenByIndex",
    // minted in order of their numbers
    "EnumerableCollection._allTokensIndex[*]": Object.fromEntries(
      Array.from({ length: 7 }, (_, i) => [`${i}`, BigInt(i)]),
    ),
    "EnumerableCollection._nextTokenId": 7n,
    // the sender's list 0, 1, 4, 5, 6 becomes 0, 1, 6, 5: the last takes the place of what leaves
    "EnumerableCollection._ownedTokensIndex[*]": {
      "0": 0n,
      "1": 1n,
      "2": 0n,
      "3": 1n,
      "4": 0n,
      "5": 3n,
      "6": 2n,
    },
    "EnumerableCollection._ownedTokens[*][*]": {
      "0x00000000000000000000000000000000000A11cE,0": 0n,
      "0x00000000000000000000000000000000000A11cE,1": 1n,
      "0x00000000000000000000000000000000000A11cE,2": 6n,
      "0x00000000000000000000000000000000000A11cE,3": 5n,
      "0x00000000000000000000000000000000000A11cE,4": 0n,
      "0x70997970C51812dc3A010C7d01b50e0d17dc79C8,0": 2n,
      "0x70997970C51812dc3A010C7d01b50e0d17dc79C8,1": 3n,
      "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC,0": 4n,
    },
    "SequentialCollection._accounts[*].balance": "balanceOf",
    "SequentialCollection._accounts[*].minted": "numberMinted",
    "SequentialCollection._approvals[*]": "getApproved",
    "SequentialCollection._currentIndex": "totalSupply",
    // the first of each batch, the moved one, and the one behind it, which now begins a batch
    "SequentialCollection._ownerships[*].owner": {
      "0": BigInt(SENDER),
      "2": BigInt(ALICE),
      "4": BigInt(BOB),
      "5": BigInt(SENDER),
      "6": 0n,
    },
    // the recording chain's blocks have timestamp 0
    "SequentialCollection._ownerships[*].since": 0n,
  },
};

const ORDER = ["trader", "isBuy", "price", "amount"];
const LEVEL = ["head", "tail", "total"];

const ORDERBOOK: Play = {
  project: "orderbook",
  async run(stage) {
    const idOf = (nonce: number) =>
      solidityPackedKeccak256(["uint256", "uint256"], [BigInt(SENDER), nonce]);
    for (const name of ["OrderBook", "PairedOrders"]) {
      await stage.deploy(name);
      await stage.call(name, "open", [[SENDER, ALICE], 1_000n, 10n], 2_000n);
      await stage.call(name, "place", [true, 120, 2]);
      await stage.call(name, "place", [true, 120, 3]);
      await stage.call(name, "place", [false, 110, 4]);
    }
    await stage.call("OrderBook", "cancel", [1n]);
    await stage.call("OrderBook", "matchBest", [1]);
    await stage.call("PairedOrders", "cancel", [idOf(0)]);
    await stage.call("PairedOrders", "matchPair", [idOf(1), idOf(2), 1]);
  },
  variables: [
    ...["OrderBook", "PairedOrders"].flatMap((name) => [
      ...ORDER.map((member) => `${name}.orders[*].${member}`),
      `${name}.cash[*]`,
      `${name}.goods[*]`,
    ]),
    ...LEVEL.flatMap((member) => [`OrderBook.bids[*].${member}`, `OrderBook.asks[*].${member}`]),
    "OrderBook.bestAsk",
    "OrderBook.bestBid",
    "OrderBook.nextInQueue[*]",
    "OrderBook.nextOrderId",
    "PairedOrders.nonceOf[*]",
  ],
  byHand: {},
};

const REFERRAL: Play = {
  project: "referral",
  async run(stage) {
    // the sender is the root of both; it brings ALICE
    for (const [name, ...customers] of [["ReferralProgram"], ["PullReferral", [ALICE]]] as const) {
      await stage.deploy(name);
      await stage.chain.sendAs(ALICE);
      await stage.call(name, "register", [SENDER]);
      await stage.call(name, "payCommission", [], 1_000n);
      await stage.chain.sendAs(SENDER);
      await stage.call(name, "withdraw", customers);
      await stage.chain.sendAs(ALICE);
      await stage.call(name, "payCommission", [], 300n);
      await stage.chain.sendAs(SENDER);
    }
  },
  variables: [
    "PullReferral.paidBy[*]",
    "PullReferral.referrerOf[*]",
    "PullReferral.settledOf[*][*]",
    "ReferralProgram.commissionOf[*]",
    "ReferralProgram.totalPaid",
    "ReferralProgram.userOf[*].id",
    "ReferralProgram.userOf[*].referrer",
    "ReferralProgram.users.length",
    "ReferralProgram.users[*]",
  ],
  byHand: { "ReferralProgram.users.length": "userCount" },
};

const ROLLUP_INBOX: Play = {
  project: "rollup-inbox",
  async run(stage) {
    const reader = await stage.deploy("OutboxReader");
    for (const name of ["RollupInbox", "SenderQueues"]) {
      await stage.deploy(name, [SENDER, BOB], [SENDER]);
      await stage.call(name, "enqueue", [HASH]);
      await stage.call(name, "enqueue", [HASH]);
      await stage.call(name, "executeCall", [
        reader,
        0n,
        keccak256(Buffer.from("look()")).slice(0, 10),
      ]);
    }
    await stage.call("RollupInbox", "postBatch", [HASH, 2n, 0n, 9n]);
    await stage.call("SenderQueues", "postBatch", [HASH, [SENDER]]);
  },
  variables: [
    "OutboxReader.seen",
    "RollupInbox._activeOutbox",
    "RollupInbox.delayedInboxAccs.length",
    "RollupInbox.delayedInboxAccs[*]",
    "RollupInbox.isBatchPoster[*]",
    "RollupInbox.isOutbox[*]",
    "RollupInbox.sequencerInboxAccs.length",
    "RollupInbox.sequencerInboxAccs[*]",
    "RollupInbox.sequencerReportedSubMessageCount",
    "RollupInbox.totalDelayedMessagesRead",
    ...["queueOf", "batchesOf"].flatMap((name) => [
      `SenderQueues.${name}[*].acc`,
      `SenderQueues.${name}[*].count`,
    ]),
    "SenderQueues.isBatchPoster[*]",
    "SenderQueues.isOutbox[*]",
  ],
  byHand: {
    "RollupInbox._activeOutbox": "activeOutbox",
    "RollupInbox.delayedInboxAccs.length": "delayedMessageCount",
    "RollupInbox.sequencerInboxAccs.length": "batchCount",
  },
};

const PLAYS = [AIRDROP, CROWDSALE, GAME, LENDING, NFT, ORDERBOOK, REFERRAL, ROLLUP_INBOX];

describe("slots of the fixture projects against getters", function () {
  this.timeout(120_000);

  for (const { project, run, variables, byHand } of PLAYS) {
    it(`${project}: every touched slot has its variable's name and the value that the contract gives`, async () => {
      const contracts = compileFixture(project, { optimizer: true });
      const chain = await RecordedChain.create();
      await run(new Stage(chain, contracts));
      const checked = await checkAgainstGetters(chain, contracts, byHand);
      expect(checked.wrong).to.deep.equal([]);
      expect(checked.variables).to.deep.equal([...variables].sort());
    });
  }
});
