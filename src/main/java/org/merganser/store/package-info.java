/**
 * Files wherever they are: local ones through java.nio, HDFS through its own client, others through
 * Beam's FileSystems, behind one small interface.
 *
 * <p>Start with {@link org.merganser.store.FileStore}. Uses {@code checksum} alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.store;
