/**
 * A run written by hand, small enough to work out on paper, with what real reports have: a token, a
 * pool with a reentrancy guard that calls it, deployments, a sender with several transactions.
 *
 * One block per transaction; users u1 … u4, i = 1 … 4. After the two deployments:
 *
 *   m_i  owner  Token.mint       60 gas  updates totalSupply, balances[u_i]
 *   t_i  u_i    Token.transfer   50 gas  updates balances[u_i], balances[v_i]
 *   s_i  u_i    Pool.swap       100 gas  updates reserve; unlocked 1 → 1; in it
 *                Token.transfer  30 gas  updates balances[pool], balances[u_i]
 *   a_1, a_2  u5  Token.approve  20 gas  updates allowances[u5,x], allowances[u5,y]
 *
 * Worked out, one window of 14:
 * - T1 = 4·60 + 4·50 + 4·100 + 2·20 = 880; g_max = 100.
 * - Dependencies: m_i→m_{i+1} (totalSupply); m_i→t_i, t_i→s_i (balances[u_i]); s_i→s_{i+1} (reserve,
 *   unlocked, balances[pool]); a_1→a_2 only by the nonce. Pairs: 3 + 4 + 4 + 3 = 14.
 *   Also m_i → s_i is none: t_i wrote balances[u_i] later.
 *   Edges on storage: 3 + 4 + 4 + 3·3 = 20.
 * - Ends: m_i at 60i; t_i at 60i + 50; s_1 at 110 + 100 = 210; s_2 at max(210, 170) + 100 = 310; s_3 at
 *   410; s_4 at 510. CP = 510. S∞ = 880/510 = 1.7255. With 8 lanes nobody waits for a lane: 1.7255.
 * - Longest chain in transactions: m_1 t_1 s_1 s_2 s_3 s_4 (or later mints for earlier swaps): 6. Rows: Token
 *   6, mint 4, transfer 5 (t_1 s_1 … s_4), approve 1, Pool and swap 4.
 * - P = 1 - (510 - 100)/(880 - 100) = 0.4744.
 * - Waiting: m_2…m_4, t_1…t_4, s_1…s_4 = 11 of 14 = 0.7857. Without any edge: a_1, a_2 = 2/14 = 0.1429.
 *   Heaviest group: all but a_1, a_2: 840/880 = 0.9545.
 * - With sender order a_1→a_2 is added: CP stays 510. One pair with only the sender in common.
 * - Blame on the path m_1 t_1 s_1 s_2 s_3 s_4: without balances[*] s_i starts at 0: s_4 at 400, m_4 at 240:
 *   CP 400, ΔCP 110. Without reserve or unlocked: balances[pool] still orders the swaps: 0. totalSupply is
 *   not on the path: 0.
 * - Fixes: balances[*]: CP 400, 1.7 → 2.2. Then reserve and unlocked together: CP 240, 2.2 → 3.7. Then
 *   totalSupply: CP 100, 3.7 → 8.8.
 * - Dependents: balances[*]: t_1…t_4, s_1…s_4 = 8; reserve 3; unlocked 3; totalSupply 3.
 *
 * - Hot-slot share: 110 of 110 gas is of balances[*]: 1. Nothing is shown to be a delta (every change is
 *   1 → 2): dividend 1. Account locks: everything but a_i uses Token with s_i in between, a_i too: all
 *   14 in a row, 880: penalty 880/510 = 1.7255.
 *
 * Optimistic run on 8 lanes; (x) = in vain:
 *   0–50  t_1 … t_4 (they end before m_i: accepted), 0–60 m_1; m_2 (m_1 ended at 60); m_3 (m_2 is not
 *   ended: accepted); m_4 (m_3 ended at 60). So at 60 in vain: t_1, m_2, t_3, m_4. 50–150 s_1 … s_4.
 *   60–120 m_2, m_4; 60–110 t_1, t_3; 110–130 a_1, a_2. At 120 m_2 ends: m_3, t_2 in vain; m_4 ends (m_3
 *   is not ended: accepted): t_4 in vain. 120–180 m_3; 120–170 t_2; 130–180 t_4 (the next free lane).
 *   At 150: s_1 (t_1 ended at 110) in vain, s_2 accepted, s_3 (t_3 at 110) in vain, s_4 accepted.
 *   150–250 s_1, s_3. At 170 t_2 ends: s_2 in vain, waits for s_1. At 180 m_3 ends: m_4, t_3 in vain; t_4
 *   ends: s_4 in vain, waits for s_3. 180–240 m_4; 180–230 t_3. At 240 m_4 ends: t_4 in vain, 240–290.
 *   At 250 s_1 ends; s_3 in vain (t_3 at 230), waits for s_2. s_2 250–350, s_3 350–450, s_4 450–550.
 *   In vain: m_2 m_3 m_4 m_4 = 240; t_1 t_2 t_3 t_3 t_4 t_4 = 300; s_1 s_2 s_3 s_3 s_4 = 500:
 *   15 re-executions, 1040 gas = 1.1818 of T1, at most 3 executions; ends at 550: 880/550 = 1.6.
 *
 * What if: balances[*] removed: CP 400. totalSupply removed, or in 16 parts (all mints are the owner's:
 * one part): 510. unlocked removed: 510. balances[*] in 16 parts by sender: t_i→s_i stay, m_i→t_i go
 * unless owner and u_i share a part: s_4 ends at 50 + 400 = 450 (they do not share one for i = 1; later
 * ones are not on the path).
 *
 * Findings, in the order of the fixes: unlocked is put back by all (D6); reserve is named as a pool's
 * (D12); totalSupply (D10). balances[*] has none: its key "pool" is not the contract's address. Alone
 * none gains: 880/510. No D16: no sender has ten transactions.
 *
 * Matrix, transactions only: mint × mint 6 of 6 (totalSupply); mint × transfer, mint × swap, transfer ×
 * swap 4 of 16 (balances[u_i]; transfer and swap are of one sender); swap × swap 6 of 6 (reserve,
 * unlocked, balances[pool]); transfer × transfer 0 of 6; approve × approve 0 of 1, × others 0 of 8.
 *
 * Rows:
 * - Token.mint: T1 240, CP 240, P 0, serial; fixed: 1.0 → 4.0 (240/60).
 * - Token.transfer: t_i with 50, the transfers in s_i with 30. T1 320. Dependencies t_i→s_i,
 *   s_i→s_{i+1}: CP = 50 + 4·30 = 170. P = 1 - (170 - 50)/(320 - 50) = 0.5556; without keys 1: by key.
 *   On 8 lanes 320/170 = 1.8824. Fixed: 1.9 → 6.4 (320/50). Senders u1…u4.
 * - Token.approve: 2 calls, P = 1, parallel, 2.0 on 8 lanes.
 * - Token: m_i 60, t_i 50, transfers in s_i 30, a_i 20: T1 = 240 + 200 + 120 + 40 = 600.
 *   Ends: m_i 60i, t_i 60i + 50; s_1 at 110 + 30 = 140; s_2 at max(140, 170) + 30 = 200; s_3 at
 *   max(200, 230) + 30 = 260; s_4 at max(260, 290) + 30 = 320. CP = 320. P = 1 - 260/540 = 0.5185.
 *   S_8 = 600/320 = 1.875.
 * - Pool.swap, Pool: T1 400, CP 400, P 0, serial. Fixed: reserve, unlocked and balances[*] together,
 *   1.0 → 4.0.
 */
import {
  type HandMadeBlock,
  HandMadeContract,
  type HandMadeTransaction,
  oneByOne,
  updates,
} from "../helpers/hand-made-log";

export const TOKEN = new HandMadeContract("Token");
export const POOL = new HandMadeContract("Pool");

export const CONTRACTS: readonly HandMadeContract[] = [TOKEN, POOL];

const MINT = "mint(address,uint256)";
const TRANSFER = "transfer(address,uint256)";
const APPROVE = "approve(address,uint256)";
const SWAP = "swap(uint256)";

export const FUNCTIONS: readonly string[] = [MINT, TRANSFER, APPROVE, SWAP];

const USERS = [1, 2, 3, 4];

function deploy(contract: HandMadeContract): HandMadeTransaction {
  return { from: "owner", gas: 1000, deploys: true, call: { contract, fn: "constructor" } };
}

function transferTouches(from: string, to: string) {
  return [updates(TOKEN.slot("balances", from)), updates(TOKEN.slot("balances", to))];
}

export const TOKEN_AND_POOL: readonly HandMadeBlock[] = oneByOne([
  deploy(TOKEN),
  deploy(POOL),
  ...USERS.map((i) => ({
    from: "owner",
    gas: 60,
    call: {
      contract: TOKEN,
      fn: MINT,
      touches: [updates(TOKEN.slot("totalSupply")), updates(TOKEN.slot("balances", `u${i}`))],
    },
  })),
  ...USERS.map((i) => ({
    from: `u${i}`,
    gas: 50,
    call: { contract: TOKEN, fn: TRANSFER, touches: transferTouches(`u${i}`, `v${i}`) },
  })),
  ...USERS.map((i) => ({
    from: `u${i}`,
    gas: 100,
    call: {
      contract: POOL,
      fn: SWAP,
      touches: [updates(POOL.slot("unlocked"), 1n, 1n), updates(POOL.slot("reserve"))],
      calls: [
        { contract: TOKEN, fn: TRANSFER, gas: 30, touches: transferTouches(`u${i}`, "pool") },
      ],
    },
  })),
  ...["x", "y"].map((spender) => ({
    from: "u5",
    gas: 20,
    call: {
      contract: TOKEN,
      fn: APPROVE,
      touches: [updates(TOKEN.slot("allowances", `u5,${spender}`))],
    },
  })),
]);
