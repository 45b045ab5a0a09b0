import { conformanceSuite } from "../helpers/conformance-suite";
import { executorUnderTest } from "../helpers/executors";

// about 150 blocks; HHP_VECTOR_SHARD=0/1 runs all of them
conformanceSuite(executorUnderTest().name, 40);
