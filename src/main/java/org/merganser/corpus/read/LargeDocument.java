package org.merganser.corpus.read;

import org.jspecify.annotations.Nullable;

/**
 * A document that is read in parts.
 *
 * @param id of the document
 * @param group of the document by its record; null for none
 * @param begin the place where it begins
 */
record LargeDocument(String id, @Nullable String group, long begin) {}
