/** Transactions of all types, their blocks and receipts, in every hardfork of the config. */
import { expect } from "chai";
import { Transaction, type TransactionLike, Wallet } from "ethers";
import { PROGRAMS } from "../../helpers/bytecode";
import { testAccounts } from "../../helpers/stock-network";
import { deploy, Pair } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const STRANGER = `0x${"11".repeat(20)}`;
const GAS = "0x30d40";
const SLOT = `0x${"00".repeat(31)}01`;

const HARDFORKS = [
  "byzantium",
  "constantinople",
  "petersburg",
  "istanbul",
  "muirGlacier",
  "berlin",
  "london",
  "arrowGlacier",
  "grayGlacier",
  "merge",
  "shanghai",
  "cancun",
  "prague",
  "osaka",
];

const REQUESTS: Readonly<Record<string, object>> = {
  "no fee fields": {},
  "a gas price": { gasPrice: "0x77359400" },
  "a low gas price": { gasPrice: "0x1" },
  "dynamic fees": { maxFeePerGas: "0x77359400", maxPriorityFeePerGas: "0x3b9aca00" },
  "a priority fee only": { maxPriorityFeePerGas: "0x5" },
  "a maximum fee only": { maxFeePerGas: "0x77359400" },
  "an access list and a gas price": {
    gasPrice: "0x77359400",
    accessList: [{ address: B, storageKeys: [SLOT] }],
  },
  "an access list": { accessList: [{ address: B, storageKeys: [SLOT, SLOT] }] },
  "an authorization": {
    authorizationList: [
      { chainId: "0x7a69", address: B, nonce: "0x5", yParity: "0x0", r: "0x1", s: "0x1" },
    ],
  },
  "no gas": { gas: undefined },
  value: { value: "0xde0b6b3a7640000" },
  data: { data: "0x00112233" },
};

/** A blob whose second byte is 5, with its KZG commitment and proof. */
const BLOB = {
  data: `0x0005${"00".repeat(131_070)}`,
  commitment:
    "0xa606e4361af1d50cbd13e042af922e775c01fefc760a983f7cd28737c976b65b76640d005cedd9b0d4d3b59c9f728280",
  proof:
    "0x8b2a67e68c15c289c17e7b4cf3606c75b8d838fd217f45e137a90c16e270896235f31fe7ee6f6a9b98146b455291f530",
};

const blobTransactions = new Map<string, string>();

/** Signed by A; to encode a blob takes ethers 0.1 s, so what a hardfork was sent goes to the others, too. */
function blobTransaction(fields: TransactionLike): string {
  const key = JSON.stringify(fields);
  const encoded = blobTransactions.get(key) ?? encodeBlobTransaction(fields);
  blobTransactions.set(key, encoded);
  return encoded;
}

function encodeBlobTransaction(fields: TransactionLike): string {
  const [account] = testAccounts();
  const wallet = new Wallet(account?.privateKey ?? "");
  const transaction = Transaction.from({
    type: 3,
    chainId: 31337,
    to: B,
    gasLimit: 50_000,
    maxFeePerGas: 3_000_000_000,
    maxPriorityFeePerGas: 1,
    maxFeePerBlobGas: 10,
    blobs: [BLOB],
    ...fields,
    ...(fields.blobs === null ? { blobVersionedHashes: [`0x01${"ab".repeat(31)}`] } : {}),
  });
  transaction.signature = wallet.signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}

for (const hardfork of HARDFORKS) {
  describe(`transactions (${hardfork})`, () => {
    let pair: Pair;

    before(async () => {
      pair = await Pair.start({ hardfork });
    });

    after(() => pair.close());

    it("genesis", async () => {
      await pair.ask("eth_getBlockByNumber", "0x0", true);
      await pair.ask("eth_getBlockByNumber", "pending", true);
      await pair.ask("eth_gasPrice");
      await pair.ask("eth_blobBaseFee");
      await pair.compare("eth_feeHistory", "0x1", "latest", [50]);
      for (const tag of ["safe", "finalized"]) {
        await pair.compare("eth_getBlockByNumber", tag, false);
        await pair.compare("eth_call", { to: B }, tag);
        await pair.compare("eth_getLogs", { fromBlock: tag });
      }
    });

    for (const [name, request] of Object.entries(REQUESTS)) {
      it(`with ${name}`, async () => {
        const answer = await pair.compare("eth_sendTransaction", {
          from: A,
          to: B,
          gas: GAS,
          ...request,
        });
        if ("result" in answer) {
          await pair.ask("eth_getTransactionByHash", answer.result);
          await pair.ask("eth_getTransactionReceipt", answer.result);
        }
        await pair.ask("eth_getBlockByNumber", "latest", true);
        await pair.compare("eth_call", { from: A, to: B, gas: GAS, ...request });
        await pair.compare("eth_estimateGas", { from: A, to: B, gas: GAS, ...request });
      });
    }

    it("from an impersonated account", async () => {
      await pair.ask("hardhat_setBalance", STRANGER, "0xffffffffffffffffff");
      await pair.refuse("eth_sendTransaction", { from: STRANGER, to: B, gas: GAS });
      await pair.ask("hardhat_impersonateAccount", STRANGER);
      for (const request of Object.values(REQUESTS)) {
        const answer = await pair.compare("eth_sendTransaction", {
          from: STRANGER,
          to: B,
          gas: GAS,
          ...request,
        });
        if ("result" in answer) {
          await pair.ask("eth_getTransactionByHash", answer.result);
        }
      }
      await pair.ask("hardhat_stopImpersonatingAccount", STRANGER);
      await pair.refuse("eth_sendTransaction", { from: STRANGER, to: B, gas: GAS });
    });

    it("raw", async () => {
      const [account] = testAccounts();
      const wallet = new Wallet(account?.privateKey ?? "");
      const nonce = Number(await pair.ask("eth_getTransactionCount", A));
      const common = { to: B, value: 1, gasLimit: 50_000, chainId: 31337 };
      for (const [index, fields] of [
        { type: 0, gasPrice: 3_000_000_000 },
        { type: 1, gasPrice: 3_000_000_000, accessList: [{ address: B, storageKeys: [SLOT] }] },
        { type: 2, maxFeePerGas: 3_000_000_000, maxPriorityFeePerGas: 1 },
        { type: 2, maxFeePerGas: 3_000_000_000, maxPriorityFeePerGas: 1, chainId: 1 },
        { type: 0, gasPrice: 3_000_000_000, chainId: 1 },
        { type: 0, gasPrice: 3_000_000_000, chainId: 0 },
        { type: 0, gasPrice: 3_000_000_000, gasLimit: 20_999 },
        { type: 0, gasPrice: 3_000_000_000, to: null },
      ].entries()) {
        const at = Number(await pair.ask("eth_getTransactionCount", A));
        expect(at).to.be.at.least(nonce);
        const raw = await wallet.signTransaction({ ...common, nonce: at, ...fields });
        const answer = await pair.compare("eth_sendRawTransaction", raw);
        if ("result" in answer) {
          await pair.ask("eth_getTransactionByHash", answer.result);
          await pair.ask("eth_getTransactionReceipt", answer.result);
        }
        await pair.compare("eth_sendRawTransaction", raw);
        expect(index).to.be.at.least(0);
      }
    });

    it("raw with a blob", async () => {
      const nonce = Number(await pair.ask("eth_getTransactionCount", A));
      const raw = blobTransaction({ nonce });
      const answer = await pair.compare("eth_sendRawTransaction", raw);
      if ("result" in answer) {
        await pair.ask("eth_getTransactionByHash", answer.result);
        await pair.ask("eth_getTransactionReceipt", answer.result);
        await pair.ask("debug_traceTransaction", answer.result);
      }
      await pair.ask("eth_getBlockByNumber", "latest", true);
      await pair.ask("eth_getBlockByNumber", "pending", true);
      await pair.compare(
        "eth_sendRawTransaction",
        blobTransaction({ nonce: nonce + 1, maxFeePerBlobGas: 0 }),
      );
      await pair.compare("eth_sendRawTransaction", blobTransaction({ nonce: nonce + 9 }));
      await pair.compare(
        "eth_sendRawTransaction",
        blobTransaction({ nonce: nonce + 1, blobs: null }),
      );
      await pair.ask("evm_setAutomine", false);
      await pair.compare("eth_sendRawTransaction", blobTransaction({ nonce: nonce + 1 }));
      await pair.ask("evm_setAutomine", true);
    });

    it("contracts that log, store and are destroyed", async () => {
      const counter = await deploy(pair, PROGRAMS.counter);
      for (const from of [A, B, A]) {
        const hash = await pair.send({ from, to: counter, gas: GAS });
        await pair.ask("eth_getTransactionReceipt", hash);
      }
      await pair.ask("eth_getStorageAt", counter, "0x0");
      await pair.ask("eth_getCode", counter);
      await pair.ask("eth_getProof", counter, [`0x${"00".repeat(32)}`], "latest");
      await pair.ask("eth_getLogs", { fromBlock: "0x0", address: counter });
      const doomed = await deploy(pair, PROGRAMS.destroy);
      await pair.ask(
        "eth_getTransactionReceipt",
        await pair.send({ from: A, to: doomed, gas: GAS, value: "0x5" }),
      );
      await pair.ask("eth_getCode", doomed);
      await pair.ask("eth_getBlockByNumber", "latest", true);
    });

    it("the environment that contracts see", async () => {
      const to = await deploy(pair, hardfork === "osaka" ? PROGRAMS.environment : PROGRAMS.counter);
      for (const block of ["latest", "pending", "0x1"]) {
        await pair.compare("eth_call", { from: B, to, gas: GAS }, block);
        await pair.compare("eth_call", { from: B, to, gas: GAS, gasPrice: "0x77359400" }, block);
        await pair.compare("eth_estimateGas", { from: B, to, gas: GAS }, block);
      }
    });

    it("mined blocks without transactions, and the switches of the hardfork", async () => {
      await pair.ask("evm_mine");
      await pair.ask("hardhat_mine", "0x3", "0x5");
      await pair.ask("hardhat_mine", "0x14", "0x5");
      for (const number of ["latest", "0x5", "0x1e"]) {
        await pair.ask("eth_getBlockByNumber", number, true);
      }
      await pair.compare("hardhat_setPrevRandao", `0x${"ab".repeat(32)}`);
      await pair.compare("hardhat_setNextBlockBaseFeePerGas", "0x5");
      await pair.compare("hardhat_setMinGasPrice", "0x5");
      await pair.compare("eth_sendTransaction", { from: A, to: B, gas: GAS, gasPrice: "0x1" });
      await pair.ask("eth_getBlockByNumber", "pending", true);
      await pair.ask("evm_mine");
      await pair.ask("eth_getBlockByNumber", "latest", true);
      await pair.compare("eth_feeHistory", "0x5", "latest", [0, 50, 100]);
    });
  });
}
