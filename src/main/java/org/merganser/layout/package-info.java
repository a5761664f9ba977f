/**
 * Layouts of the same ids for other tools: Megatron, plain ids, numpy, datatrove, litData, dolma. A
 * layout of documents may be written beside the shard while a unit is encoded; every other one is
 * converted from canonical shards. The bytes are the same.
 *
 * <p>Start with {@link org.merganser.layout.ShardFormat}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.layout;
