/**
 * Malformed and odd parameters of every method, by kind.
 *
 * What Hardhat 2's stock network refuses and ours answers is apart: named tracers, and methods of
 * current clients.
 */
import type { Request } from "./pair";

const A = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const B = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const NOBODY = "0x00000000000000000000000000000000000000aa";
const H = `0x${"ab".repeat(32)}`;
const wide = (digits: number): string => `0x${"f".repeat(digits)}`;

const call = (...objects: readonly object[]): Request[] =>
  objects.map((object) => ["eth_call", { to: B, ...object }]);
const override = (...objects: readonly unknown[]): Request[] =>
  objects.map((object) => ["eth_call", { to: B }, "latest", object]);
const send = (...objects: readonly object[]): Request[] =>
  objects.map((object) => ["eth_sendTransaction", { from: A, to: B, gas: "0x5208", ...object }]);
const logs = (...objects: readonly unknown[]): Request[] =>
  objects.map((object) => ["eth_getLogs", object]);
const each = (method: string, ...params: readonly (readonly unknown[])[]): Request[] =>
  params.map((list) => [method, ...list]);

const AUTHORIZATION = { chainId: "0x1", address: A, nonce: "0x0", r: "0x1", s: "0x1" };

export const REQUESTS: Readonly<Record<string, readonly Request[]>> = {
  "methods without parameters": [
    ...each("eth_accounts", [1], ["a", 2], [null], [{}], [[]], [undefined], [true], [1.5]),
    ...each("evm_snapshot", [1]),
    ...each("hardhat_getAutomine", [1], []),
    ...each("eth_newBlockFilter", [1]),
  ],
  addresses: [
    ...each("eth_getBalance", [], [5], [null], [true], [{}], [["a"]], ["0x1234"], [1.5]),
    ...each("eth_getBalance", [A.slice(2)], [`0xzz${A.slice(4)}`], [A.toUpperCase()], [""]),
    ...each("hardhat_impersonateAccount", [], ["0x12"], [5], [B], [B, 1], [null]),
    ...each("hardhat_stopImpersonatingAccount", [B], [B], ["0x12"]),
    ...each("hardhat_setCoinbase", [], ["0x1"], ["0x12"], [5], [null], [[]], [[1, 2]]),
  ],
  blocks: [
    ...["newest", 5, null, "0x", "0xzz", "0x00", "12", "", true, [], {}, "LATEST", 1.5, -1].map(
      (block): Request => ["eth_getBalance", A, block],
    ),
    ...[
      { blockNumber: "0x0" },
      { blockNumber: 0 },
      { blockHash: H },
      { blockHash: H, requireCanonical: true },
      { blockHash: H, requireCanonical: 1 },
      { blockHash: "0x12" },
      { blockHash: H, blockNumber: "0x0" },
      { foo: 1 },
      { blockNumber: "0x0", foo: 1 },
      [1],
    ].map((block): Request => ["eth_getBalance", A, block]),
    ...["0xffffffffffffffffff", "0xff", "safe", "finalized", "earliest", "pending"].map(
      (block): Request => ["eth_getBalance", A, block],
    ),
    ...each("eth_getBalance", [A, "latest", 3], [A, "latest", null], [A, "latest", "x", 5]),
    ...each("eth_getBlockByNumber", ["0x0"], [], ["0x0", null], ["0x0", "true"], ["0x0", 1]),
    ...each("eth_getBlockByNumber", [0, true], ["foo", true], [{ blockNumber: "0x0" }, true]),
    ...each("eth_getBlockByNumber", [null, true], ["0x0", false, 1], ["0x", false], ["12", false]),
    ...each("eth_getBlockByNumber", [1.5, false], [-1, false], ["0x0", {}], ["0x0", []]),
    ...each("eth_getBlockTransactionCountByNumber", [], ["0x0"], ["0xff"], ["zz"], ["pending"]),
    ...each("eth_getCode", [A, "0xff"]),
    ...each("eth_getTransactionCount", [A, "0xff"], [A, "pending"], [A]),
  ],
  hashes: [
    ...each("eth_getBlockByHash", ["0x12", true], [H, true], [5, true], [H.slice(2), true]),
    ...each("eth_getBlockByHash", [`0x${"zz".repeat(32)}`, true], [`${H}ab`, true], [null, true]),
    ...each("eth_getBlockByHash", ["", true], ["0x123", true], [{}, true], [[1, 2], true]),
    ...each("eth_getTransactionByHash", [], [H, 1], ["0x12"], [1], [null], [[1]], [H, H]),
    ...each("eth_getTransactionReceipt", ["0x"], [H]),
    ...each("eth_getBlockTransactionCountByHash", [H], ["0x1"]),
    ...each("hardhat_dropTransaction", [], [H], ["0x1"]),
    ...each("hardhat_setPrevRandao", [H], ["0x12"], [], [5]),
  ],
  indices: [
    ...["1", 1, "0xffffffffffffffffffffff", "foo", "", "0x", null, -1, 1.5, "0x1g"].map(
      (index): Request => ["eth_getTransactionByBlockHashAndIndex", H, index],
    ),
    ...each("eth_getTransactionByBlockHashAndIndex", [H], []),
    ...each("eth_getTransactionByBlockNumberAndIndex", ["0x0", "0x0"], ["0x0"], ["0x0", wide(65)]),
    ...each("eth_getTransactionByBlockNumberAndIndex", ["0xff", "0x0"], ["pending", "0x0"]),
  ],
  "storage slots and proofs": [
    ...["0x0", 1, "", `0x${"0".repeat(65)}`, "1".repeat(65), "zz", "0xzz", "0x", "12", null].map(
      (slot): Request => ["eth_getStorageAt", A, slot],
    ),
    ...each("eth_getStorageAt", [A], [A, true], [A, {}], [A, "0x0", "0xff"]),
    ...each("eth_getProof", [A], [A, []], [A, ["0x00"], "latest"], [A, ["0x0"], "latest"]),
    ...each(
      "eth_getProof",
      [A, "0x", null],
      [A, [], null],
      [5, [], "latest"],
      ["0x12", [], "latest"],
    ),
    ...each("eth_getProof", [A, [H], "latest"], [A, [], "latest"], [NOBODY, [H], "latest"]),
  ],
  "bytes and signatures": [
    ...each("web3_sha3", [], ["0x1"], ["ab"], [1], ["0x", "0x"], ["0x12zz"], [[1, 2]], [[1, "a"]]),
    ...each("web3_sha3", [[300]], [{}], [null], [true], ["0x"], [""], [[-1]], [[1.5]], [1.5]),
    ...each("eth_sign", [A], [A, "12"], [A, "0x1"], [A, 5], [A, "0xzz"], [NOBODY, "0x12"]),
    ...each("eth_sign", [A, "0x"], ["0x12", "0x12"]),
    ...each("personal_sign", ["0x12"], [A, "0x12"], ["hello", A], ["0x12", NOBODY], ["0x12", A]),
    ...each("eth_signTypedData_v4", [], [A], [A, "{}"], [A, "zz"], [A, 5], [A, {}], ["0x1", {}]),
  ],
  "eth_call's transaction": [
    ...each("eth_call", [], [5], [null], ["x"], [[]], [{}]),
    ...call({ from: 5 }, { from: null }, { from: "0x12" }, { from: "zz" }, { to: null }),
    ...call({ to: "0x" }, { to: "" }, { gas: 21000 }, { gas: "21000" }, { gas: "zz" }),
    ...call({ gas: 1.5 }, { gas: -1 }, { gas: wide(17) }, { gas: "0x00ffff" }, { gas: "" }),
    ...call({ gas: "0x" }, { gas: null }, { gas: {} }, { gas: "0x0" }, { gas: [] }, { gas: [1] }),
    ...call({ gasPrice: 5 }, { gasPrice: "zz" }, { gasPrice: wide(33) }, { gasPrice: "0x01" }),
    ...call({ maxFeePerGas: wide(33) }, { gasPrice: "10" }, { value: 5 }, { value: "zz" }),
    ...call({ value: wide(65) }, { value: "0x01" }, { value: 1.5 }, { data: 5 }, { data: "zz" }),
    ...call({ data: "0x1" }, { data: "12" }, { data: "" }, { data: null }, { input: "0x12" }),
    ...call({ input: "0x12", data: "0x12" }, { data: "0x12", input: "0x12" }, { nonce: "0x1" }),
    ...call({ nonce: "zz" }, { chainId: "0x1" }, { chainId: 5 }, { type: "0x2" }, { type: 2 }),
    ...call({ type: "0x100" }, { type: "zz" }, { foo: 1 }, { accessList: 5 }, { accessList: [] }),
    ...call({ accessList: [5] }, { accessList: [{}] }, { accessList: [{ address: A }] }),
    ...["0x1", "0x01", H].flatMap((key) =>
      call({ accessList: [{ address: A, storageKeys: [key] }] }),
    ),
    ...call({ accessList: [{ address: "0x1", storageKeys: [H] }] }, { accessList: null }),
    ...call({ accessList: [{ address: A, storageKeys: [], foo: 1 }] }, { authorizationList: 5 }),
    ...call({ authorizationList: [] }, { authorizationList: [{}] }),
    ...call({ authorizationList: [{ chainId: "0x1", address: A, nonce: "0x0" }] }),
    ...call({ authorizationList: [{ ...AUTHORIZATION, yParity: "0x0" }] }),
    ...call({ authorizationList: [{ ...AUTHORIZATION, v: "0x0" }] }),
    ...call({ blobs: [] }, { blobHashes: [] }, { blobVersionedHashes: [H] }),
    ...call({ maxFeePerBlobGas: "0x1" }, { gasPrice: "0x1", maxFeePerGas: "0x1" }),
    ...call({ gasPrice: "0x1", maxPriorityFeePerGas: "0x1" }),
    ...call({ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x3" }, { maxPriorityFeePerGas: "0x3" }),
    ...each("eth_call", [{ to: B }, "0xff"], [{ to: B }, "pending"], [{ to: B }, "foo"]),
    ...each("eth_call", [{ to: B }, { blockHash: H }], [{ to: B }, "latest", {}, {}]),
  ],
  "state overrides": [
    ...override({}, 5, null, { [A]: {} }, { [A]: 5 }, { zz: {} }, { "0x12": {} }, []),
    ...override({ [A]: { balance: 5, nonce: "0x1", code: "0x12", foo: 1 } }),
    ...override({ [A]: { balance: "zz" } }, { [A]: { nonce: "zz" } }, { [A]: { nonce: 1 } }),
    ...override({ [A]: { nonce: wide(17) } }, { [A]: { code: "0x1" } }, { [A]: null }),
    ...override({ [A]: { state: { "0x1": "0x1" } } }, { [A]: { state: { [H]: "0x1" } } }),
    ...override({ [A]: { state: { [H]: H } } }, { [A]: { state: { [H]: H }, stateDiff: {} } }),
    ...override({ [A]: { stateDiff: { "0x00": "0x00" } } }, { [A]: { stateDiff: 5 } }),
    ...override({ [A.slice(2)]: {} }, { [A]: { state: { [H]: 5 } } }, { [A]: { state: {} } }),
  ],
  estimates: each(
    "eth_estimateGas",
    [],
    [{ to: B }, "latest", {}],
    [{ to: B }],
    [{}],
    [{ to: B }, "0xff"],
    [{ to: B }, null],
    [{ to: B, gasPrice: "0x1", maxFeePerGas: "0x1" }],
  ),
  eth_sendTransaction: [
    ...each("eth_sendTransaction", [], [{}], [{ to: B }], [{ from: A, to: B }, 1], [5]),
    ...each("eth_sendTransaction", [{ from: A }], [{ from: null }], [{ from: A, data: "0x" }]),
    ...each("eth_sendTransaction", [{ from: NOBODY, to: B }], [{ from: NOBODY }]),
    ...send({ nonce: "zz" }, { chainId: "0x1" }, { chainId: "zz" }, { type: "0x3" }),
    ...send({ type: "0x63" }, { blobs: [] }, { blobHashes: [] }, { blobs: 5 }, { foo: 5 }),
    ...send({ gasPrice: "0x1", maxFeePerGas: "0x1" }, { gasPrice: "0x1" }),
    ...send({ gasPrice: "0x1", maxPriorityFeePerGas: "0x1" }, { maxFeePerGas: "0x1" }),
    ...send({ maxFeePerGas: "0x2", maxPriorityFeePerGas: "0x3" }, { maxPriorityFeePerGas: "0x5" }),
    ...send({ maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x1" }, { gas: "0x5207" }),
    ...send({ gas: "0x1000001" }, { nonce: "0x99" }, { nonce: "0x0" }, { authorizationList: [] }),
    ...each("eth_sendTransaction", [
      { from: A, authorizationList: [{ ...AUTHORIZATION, yParity: "0x0" }] },
    ]),
    ...each("eth_sendTransaction", [{ from: A, data: `0x${"00".repeat(49153)}` }]),
    ...send({ value: wide(24) }, { value: wide(64) }, { data: `0x${"11".repeat(40)}` }),
  ],
  "raw transactions": each(
    "eth_sendRawTransaction",
    ...[
      [],
      ...["0x12", "0x", "0x02", "0x02c0", "0xc0", "0xf8", "zz", "0x1", "0x80", "0x01"].map((r) => [
        r,
      ]),
      ...["0x03", "0x04", "0x05c0", "0xff"].map((r) => [r]),
    ],
  ),
  "log filters": [
    ...logs({}, 5, null, { fromBlock: "foo" }, { fromBlock: 5 }, { fromBlock: null }),
    ...logs({ fromBlock: "0x0", toBlock: "0xff" }, { fromBlock: "0xff" }),
    ...logs({ toBlock: "0x0", fromBlock: "0x1" }, { blockHash: H }, { foo: 1 }),
    ...logs({ blockHash: H, fromBlock: "0x0" }, { blockHash: "0x1" }, { address: 5 }),
    ...logs({ address: "0x12" }, { address: [A, B] }, { address: ["0x12"] }, { address: null }),
    ...logs({ topics: 5 }, { topics: [] }, { topics: [null, H, [H, H]] }, { topics: ["0x12"] }),
    ...logs({ topics: [[null]] }, { topics: [5] }, { topics: null }, { blockHash: null }),
    ...logs({ topics: [null, null, null, null, null] }, { fromBlock: { blockHash: H } }),
    ...logs({ address: "0x12", topics: [] }, { fromBlock: "pending", toBlock: "earliest" }),
    ...each("eth_getLogs", [], [{}, 1]),
    ...each("eth_newFilter", [], [{}], [{ fromBlock: "foo" }], [{ blockHash: H }]),
    ...each("eth_getFilterChanges", [], ["0x99"], ["zz"], [1], ["0x1"]),
    ...each("eth_getFilterLogs", ["0x1"], ["0x99"]),
    ...each("eth_uninstallFilter", ["0x1"], ["0x1"], [{}]),
    ...each("eth_subscribe", [], ["foo"], ["logs"], ["newHeads", {}, 1], [5], ["syncing"], [null]),
    ...each("eth_subscribe", ["newPendingTransactions", true], ["logs", null], ["logs", 5]),
    ...each("eth_unsubscribe", ["0x2"], ["zz"], []),
  ],
  "fee history": [
    ...each("eth_feeHistory", [], ["0x0", "latest", []], ["0x401", "latest", []]),
    ...each("eth_feeHistory", ["0x1", "latest", [101]], ["0x1", "latest", [50, 20]]),
    ...each("eth_feeHistory", ["0x1", "latest", ["a"]], ["0x1", "latest", null]),
    ...each("eth_feeHistory", ["0x1", "latest", {}], [1, "latest", []], ["10", "latest", []]),
    ...each("eth_feeHistory", ["0x1", "latest", [-1]], ["0x1", "0xff", []], ["0x1", "latest"]),
    ...each("eth_feeHistory", ["0x1", "latest", [], 1], ["0xffffffffffffffffffff", "latest", []]),
    ...each("eth_feeHistory", ["0x1", "latest", [50.5, 100]], ["0x1", "latest", [150.25]]),
  ],
  time: [
    ...each("evm_increaseTime", [], ["10"], ["0x10"], [10], ["zz"], [-5], [1.5], [null], [1, 2]),
    ...each("evm_increaseTime", [wide(17)]),
    ...each("evm_mine", [], [1], ["0x1"], [null], [1, 2], ["zz"], [{}], [2000000000]),
    ...each("evm_mine", [2000000000], ["2000000100"], [{ a: 1 }], [[1]], [[]]),
    ...each("evm_setNextBlockTimestamp", [], [1], ["foo"], [139637978000], ["0x2083127391"]),
  ],
  "snapshots and mining": [
    ...each("evm_revert", ["0x99"], [1], [], ["zz"]),
    ...each("evm_setAutomine", [], ["true"], [true], [true, 1], [null]),
    ...each("evm_setBlockGasLimit", ["0x0"], [5], ["zz"], ["0x3938700"], []),
    ...each("evm_setIntervalMining", [], [0], ["0x0"], ["a"], [[5000, 1000]], [[1]], [[1, 2, 3]]),
    ...each(
      "evm_setIntervalMining",
      [-1],
      [null],
      [{}],
      [["a", 1]],
      [0, 1],
      [[100000, 200000]],
      [0],
      [1.5],
    ),
    ...each("hardhat_mine", [], ["0x2", "0x5"], [2], ["2"], [null], [null, null], ["zz"], ["0x0"]),
    ...each("hardhat_mine", ["0x1", "0x1", "0x1"], ["0x1", 5], [{}], [true]),
  ],
  "hardhat_set*": [
    ...["0x1", 1, "1", "0xzz", wide(65), "0x", "0x01", null, {}].map(
      (value): Request => ["hardhat_setBalance", B, value],
    ),
    ...each("hardhat_setBalance", [], [B], ["0x1", "0x1"]),
    ...["0x1", "12", 5, "0xzz", "0x", null, "0xef00"].map(
      (code): Request => ["hardhat_setCode", NOBODY, code],
    ),
    ...each("hardhat_setCode", [B]),
    ...each("hardhat_setLoggingEnabled", [], [1], [false]),
    ...each("hardhat_setMinGasPrice", ["0x1"], [1], ["zz"], []),
    ...each("hardhat_setNextBlockBaseFeePerGas", ["0x1"], [1], [wide(33)], ["zz"]),
    ...["0x5", "0x4", 5, "5", `0x${"1".repeat(17)}`, "0xzz", "0x"].map(
      (nonce): Request => ["hardhat_setNonce", NOBODY, nonce],
    ),
    ...each("hardhat_setNonce", [B]),
    ...each(
      "hardhat_setStorageAt",
      [B, "0x0", H],
      [B, "0x0", "0x1"],
      [B, `0x${"1".repeat(65)}`, H],
    ),
    ...each("hardhat_setStorageAt", [B, 0, H], [B, "0", H], [B, "0x0", 5], [B, "0x0", H.slice(2)]),
    ...each("hardhat_setStorageAt", [B, "0xzz", H], [B, "0x0", `0x${"zz".repeat(32)}`], [B, "0x0"]),
    ...each("hardhat_setStorageAt", [B, "0x00", H], [B, "0x0", `0x${"1".repeat(65)}`]),
  ],
  "methods of Hardhat 2 itself": [
    ...each("hardhat_metadata", [1], []),
    ...each("hardhat_reset", [5], [{ forking: {} }], [{ forking: { jsonRpcUrl: 5 } }], [{}, 1]),
    ...each("hardhat_reset", [{ foo: 1 }], [{}], []),
    ...each("hardhat_addCompilationResult", [1], ["0.8.0", {}, {}], [1, {}, {}]),
    ...each("hardhat_getStackTraceFailuresCount", [1], []),
    ...each("eth_mining", [1]),
    ...each("net_listening", []),
    ...each("net_peerCount", []),
  ],
  traces: [
    ...each("debug_traceTransaction", [], [H], ["0x1"]),
    ...each(
      "debug_traceTransaction",
      [H, { foo: 1 }],
      [H, { disableStorage: 1 }],
      [H, 5],
      [H, null],
    ),
    ...each("debug_traceTransaction", [H, {}, 1]),
    ...each("debug_traceCall", [], [{ to: B }]),
    ...each(
      "debug_traceCall",
      [{ to: B }, "0xff"],
      [{ to: B }, null],
      [{ to: B }, "latest", {}, 1],
    ),
    ...each("debug_traceCall", [{ to: B }, "latest", { tracerConfig: {} }]),
  ],
  "unknown methods": [
    ...["foo_bar", "", "ETH_ACCOUNTS", "eth_signTypedData"].map((method): Request => [method]),
    ...["txpool_content", "anvil_mine", "eth_protocolVersion"].map(
      (method): Request => [method, 1],
    ),
  ],
};

export const BEYOND_HARDHAT2: readonly Request[] = [
  ...each("debug_traceTransaction", [H, { tracer: "callTracer" }]),
  ...each("debug_traceCall", [{ to: B }, "latest", { tracer: "callTracer" }]),
  ...each("debug_traceCall", [{ to: B }, "latest", { tracer: "foo", disableMemory: true }]),
];
