/**
 * Parquet files from anywhere: what is checked before Parquet's own reader believes them.
 *
 * <p>Start with {@link org.merganser.pages.Footers}, then {@link org.merganser.pages.PageHeaders}.
 * Imports nothing of the project.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pages;
