/**
 * Layouts of the same ids for other tools: Megatron, plain ids, numpy, datatrove, litData, dolma. A
 * layout is converted from canonical shards, never from text.
 *
 * <p>Start with {@link org.merganser.layout.ShardFormat}. Uses {@code shard}, {@code dataset},
 * {@code parquet}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.layout;
