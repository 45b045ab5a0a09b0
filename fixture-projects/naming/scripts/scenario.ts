import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import type { HardhatEthersHelpers } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract, Contract, ContractTransactionResponse } from "ethers";
import vault from "../layouts/vault.json";

// biome-ignore lint/suspicious/noExplicitAny: contracts are called by names that only their ABIs know
type Callable = BaseContract & { readonly [name: string]: any };

async function mined(call: Promise<unknown>): Promise<void> {
  // hardhat-ethers gives a response for every call that is not a view
  await ((await call) as ContractTransactionResponse).wait();
}

/** The part of a Hardhat environment that the scenario needs. */
export interface WithEthers {
  readonly ethers: HardhatEthersHelpers;
}

/** The accounts of the scenario, by what they are. */
export interface Deployed {
  readonly owner: HardhatEthersSigner;
  readonly alice: HardhatEthersSigner;
  readonly points: Callable;
  readonly pointsLogic: readonly string[];
  readonly transparentBox: Callable;
  readonly beacon: Callable;
  readonly beaconBoxes: readonly Callable[];
  readonly clone: Callable;
  readonly deterministicClone: Callable;
  readonly boxLogic: Callable;
  readonly factory: Callable;
  readonly child: Callable;
  readonly deterministicChild: Callable;
  readonly diamond: string;
  readonly counters: Callable;
  readonly clashing: string;
  readonly keys: Callable;
  readonly seeded: Callable;
  readonly vault: string;
  readonly foreign: string;
}

export const SALT = `0x${"5a".repeat(32)}`;

/** Deploys every case and calls each function that touches storage. */
export async function runScenario({ ethers }: WithEthers): Promise<Deployed> {
  const [owner, alice] = await ethers.getSigners();
  if (owner === undefined || alice === undefined) {
    throw new Error("the network has fewer than two accounts");
  }
  const deploy = async (name: string, args: unknown[] = [], libraries = {}): Promise<Callable> => {
    const contract = await ethers.deployContract(name, args, { libraries });
    await contract.waitForDeployment();
    return contract as unknown as Callable; // called by names that the compiler cannot know
  };
  const at = async (name: string, address: string): Promise<Callable> =>
    (await ethers.getContractAt(name, address)) as Contract as unknown as Callable; // as above

  // UUPS with ERC-7201 namespaces, upgraded
  const first = await deploy("PointsV1");
  const second = await deploy("PointsV2");
  const proxy = await deploy("ERC1967Proxy", [
    await first.getAddress(),
    first.interface.encodeFunctionData("initialize", [owner.address]),
  ]);
  const points = await at("PointsV2", await proxy.getAddress());
  await mined(points.mint(alice.address, 5n));
  await mined(points.approve(alice.address, 3n));
  await mined(points.upgradeToAndCall(await second.getAddress(), "0x"));
  await mined(points.mint(alice.address, 6n));

  // transparent proxy, beacon, clones of one implementation
  const boxLogic = await deploy("Box");
  const setUp = boxLogic.interface.encodeFunctionData("setUp", [alice.address]);
  const transparent = await deploy("TransparentUpgradeableProxy", [
    await boxLogic.getAddress(),
    owner.address,
    setUp,
  ]);
  const transparentBox = await at("Box", await transparent.getAddress());
  await mined(transparentBox.add(21n));
  const beacon = await deploy("UpgradeableBeacon", [await boxLogic.getAddress(), owner.address]);
  const beaconBoxes: Callable[] = [];
  for (const value of [31n, 32n]) {
    const one = await deploy("BeaconProxy", [await beacon.getAddress(), setUp]);
    const box = await at("Box", await one.getAddress());
    await mined(box.add(value));
    beaconBoxes.push(box);
  }
  const factory = await deploy("Factory");
  const none = `0x${"0".repeat(64)}`;
  await mined(factory.clone(await boxLogic.getAddress(), none));
  await mined(factory.clone(await boxLogic.getAddress(), SALT));
  const clone = await at("Box", String(await factory.clones(none)));
  const deterministicClone = await at("Box", String(await factory.clones(SALT)));
  await mined(clone.add(41n));
  await mined(deterministicClone.setUp(alice.address));

  // children by CREATE and CREATE2
  await mined(factory.make(51n));
  await mined(factory.makeAt(SALT, 61n));
  const child = await at("Child", String(await factory.children(0n)));
  const deterministicChild = await at("Child", String(await factory.children(1n)));
  await mined(child.increase());
  await mined(deterministicChild.increase());

  // a diamond of two facets
  const [up, down] = [await deploy("UpFacet"), await deploy("DownFacet")];
  const facets: readonly (readonly [string, Callable])[] = [
    [up.interface.getFunction("up")?.selector ?? "", up],
    [down.interface.getFunction("down")?.selector ?? "", down],
    [down.interface.getFunction("counters")?.selector ?? "", down],
  ];
  const diamond = await deploy("Diamond", [
    facets.map(([selector]) => selector),
    await Promise.all(facets.map(([, facet]) => facet.getAddress())),
  ]);
  const diamondAddress = await diamond.getAddress();
  const counters = await at("DownFacet", diamondAddress);
  await mined((await at("UpFacet", diamondAddress)).up());
  await mined(counters.down());

  // two layouts on one storage
  const logic = await deploy("ClashingLogic");
  const clashing = await deploy("ClashingProxy", [await logic.getAddress()]);
  await mined((await at("ClashingLogic", await clashing.getAddress())).work());

  // keys, packed variables, a library's storage pointer, transient storage
  const ledger = await deploy("Ledger");
  const keys = await deploy("Keys", [], { Ledger: await ledger.getAddress() });
  await mined(keys.pause());
  await mined(keys.touch(99n));
  await mined(keys.open("a market whose title is longer than a slot", 7n));
  await mined(keys.name("a key"));
  await mined(keys.constants());
  await mined(keys.credit(12n));

  // places that no compiler knows of
  const seeded = await deploy("SeededToken");
  await mined(seeded.mint(alice.address, 8n));
  await mined(seeded.approve(alice.address, 9n));

  // by Vyper's rules, with a layout file; and code that nothing is known of, with an EIP-1967 slot
  const bytecodes = [vault["contracts/Vault.vy"].bytecode, FOREIGN];
  const addresses: string[] = [];
  for (const data of bytecodes) {
    const receipt = await (await owner.sendTransaction({ data })).wait();
    const address = receipt?.contractAddress ?? "";
    await (await owner.sendTransaction({ to: address, data: "0xc0406226" })).wait();
    addresses.push(address);
  }
  return {
    owner,
    alice,
    points,
    pointsLogic: [await first.getAddress(), await second.getAddress()],
    transparentBox,
    beacon,
    beaconBoxes,
    clone,
    deterministicClone,
    boxLogic,
    factory,
    child,
    deterministicChild,
    diamond: diamondAddress,
    counters,
    clashing: await clashing.getAddress(),
    keys,
    seeded,
    vault: addresses[0] ?? "",
    foreign: addresses[1] ?? "",
  };
}

/**
 * Init code of: PUSH1 1 PUSH1 5 SSTORE; PUSH1 2 PUSH32 <EIP-1967 implementation> SSTORE; STOP.
 * The runtime code has 42 bytes.
 */
const FOREIGN =
  "0x602a600c600039602a6000f36001600555" +
  "60027f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc5500";
