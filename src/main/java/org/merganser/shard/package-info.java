/**
 * Reads, writes, packs and shuffles the canonical id shards in Parquet, in which a row is a
 * document or a packed sequence.
 *
 * <p>Start with {@link org.merganser.shard.ParquetShardWriter}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.shard;
