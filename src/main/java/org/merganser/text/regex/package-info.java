/**
 * Regular expressions in Oniguruma's syntax: a lazily built automaton with linear time, and a
 * backtracking matcher for what no automaton expresses. The known split patterns have hand-written
 * scanners in {@code text.scan} instead.
 *
 * <p>Start with {@link org.merganser.text.regex.CompiledRegex}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.regex;
