/**
 * What a run writes: id shards and the layouts of other tools that are made of them, receipts of
 * units, the manifest, and checking them.
 *
 * <p>Start with {@link org.merganser.shard.ParquetShardWriter}, then {@link
 * org.merganser.shard.ShardLayout}. Imports Parquet, Jackson and the messages of Arrow's format.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.shard;
