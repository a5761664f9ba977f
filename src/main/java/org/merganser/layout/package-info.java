/**
 * The same ids as other tools read them: Megatron, plain ids, numpy, datatrove, Arrow, MDS. A
 * layout is made from canonical shards, never from text.
 *
 * <p>Start with {@link org.merganser.layout.ShardLayout}. Uses {@code shard}, {@code dataset},
 * {@code parquet} and the messages of Arrow's format.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.layout;
