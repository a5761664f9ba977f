/**
 * Files in any store: local ones through java.nio, HDFS through its own client, others through
 * Beam's FileSystems, with one small interface.
 *
 * <p>Start with {@link org.merganser.store.FileStore}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.store;
