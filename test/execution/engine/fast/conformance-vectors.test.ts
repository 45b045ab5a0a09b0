import { conformanceSuite } from "../../../helpers/conformance-suite";

// about 140 blocks; HHP_VECTOR_SHARD=0/1 runs all of them
conformanceSuite("fast", 40);
// and where the reference says something else of any message
conformanceSuite("verified", 20);
