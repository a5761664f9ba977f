/**
 * Files wherever they are: local ones through java.nio, HDFS through its own client, others through
 * Beam's FileSystems, behind one small interface.
 *
 * <p>Start with {@link org.merganser.store.FileStore}. Imports nothing of the project.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.store;
