/**
 * The command {@code study}: several vocabularies of one corpus compared.
 *
 * <p>Start with {@link org.merganser.cli.study.StudyCommand}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.study;
