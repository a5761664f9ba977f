/**
 * Code points: sets, classes and tables of Unicode in the versions that HF's libraries use, case
 * folding, and UTF-8 read and checked as bytes. The tables are resources of this package; their
 * generators are in the tests.
 *
 * <p>Start with {@link org.merganser.text.unicode.CodePointSet}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.unicode;
