package org.merganser.pipeline.join;

import java.io.Serializable;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What was done behind the join of all units.
 *
 * @param receipts locations of all receipts of the join, those of the units too
 * @param component location of the first component that pooled vectors still hold, or null
 */
record JoinedRun(ArrayList<String> receipts, @Nullable String component) implements Serializable {}
