package org.merganser.pipeline;

import java.io.Serializable;
import java.util.List;

/**
 * The canonical shards of a unit, as they travel from encoding to what is made from them.
 *
 * @param unit its number
 * @param shards locations, in order
 * @param sha256s of the shards, in order
 * @param receipt location of the receipt; empty for shards of an earlier run
 */
record ShardSet(int unit, List<String> shards, List<String> sha256s, String receipt)
    implements Serializable {}
