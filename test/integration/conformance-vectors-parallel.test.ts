import { conformanceSuite } from "../helpers/conformance-suite";

// about 150 blocks; HHP_VECTOR_SHARD=0/1 runs all of them
conformanceSuite("parallel", 40);
