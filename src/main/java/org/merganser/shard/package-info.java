/**
 * The canonical id shards in Parquet: a row is a document or a packed sequence. Reading, writing,
 * packing and shuffling rows.
 *
 * <p>Start with {@link org.merganser.shard.ParquetShardWriter}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.shard;
