package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.CorpusException;

/**
 * Names the value that is read from a record: one field, or a text with the values of several
 * fields, such as {@code {title}\n\n{body}}. A template has braces around each {@link FieldPath}. A
 * question mark before the closing brace ({@code {title?}}) allows the field to be missing or null;
 * its text is then empty. Literal braces are doubled. Braces within a quoted name ({@code ["{a}"]})
 * do not make a template.
 */
public final class FieldTemplate {
  /** The result of {@link #append} for a complete text. */
  public static final int WHOLE = -1;

  /** The most fields of a template; {@link JsonRecord} bounds those of a record. */
  private static final int MOST_FIELDS = 20;

  /** A name within quotes, which may be unclosed. */
  private static final Pattern QUOTED =
      Pattern.compile("\\[\"(?:\\\\.|[^\"\\\\])*(?:\"|$)", Pattern.DOTALL);

  private static final Pattern BRACE = Pattern.compile("[{}]");

  /** A path in braces, with its optional question mark. */
  private static final Pattern FIELD =
      Pattern.compile("\\{((?:" + QUOTED + "|\\[|[^{}?\\[]+)*)(\\?)?\\}", Pattern.DOTALL);

  /**
   * A field of the template.
   *
   * @param before the literal text between the field before and this one, in UTF-8
   * @param optional whether it may be missing or null
   */
  private record Field(byte[] before, FieldPath path, boolean optional) {}

  private final String source;

  /** Whether this is one path without braces. */
  private final boolean isField;

  private final List<Field> fields;
  private final List<FieldPath> paths;

  /** The literal text after the last field, in UTF-8. */
  private final byte[] after;

  private FieldTemplate(String source, boolean isField, List<Field> fields, byte[] after) {
    this.source = source;
    this.isField = isField;
    this.fields = fields;
    this.paths = fields.stream().map(Field::path).toList();
    this.after = after;
  }

  /**
   * Reads a path or a template.
   *
   * @throws CorpusException with the problem and its place
   */
  public static FieldTemplate parse(String source) {
    return hasBraces(source) ? parseTemplate(source) : ofField(FieldPath.parse(source));
  }

  /** Whether a source has braces outside of quoted names. */
  private static boolean hasBraces(String source) {
    return BRACE.matcher(QUOTED.matcher(source).replaceAll("")).find();
  }

  private static FieldTemplate ofField(FieldPath path) {
    byte[] nothing = {};
    Field field = new Field(nothing, path, /* optional= */ false);
    return new FieldTemplate(path.source(), /* isField= */ true, List.of(field), nothing);
  }

  /** Reads a text with fields in braces. */
  private static FieldTemplate parseTemplate(String source) {
    List<Field> fields = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      if ((c == '{' || c == '}') && source.startsWith(String.valueOf(c), at + 1)) {
        literal.append(c);
        at += 2;
      } else if (c == '}') {
        throw notATemplate(
            source, "the } at character " + at + " closes nothing; } itself is written }}");
      } else if (c == '{') {
        at = parseField(source, at, literal.toString(), fields);
        literal.setLength(0);
      } else {
        literal.append(c);
        at++;
      }
    }
    if (fields.isEmpty()) {
      throw notATemplate(source, "it names no field, so that each record would have the same text");
    }
    if (fields.size() > MOST_FIELDS) {
      throw notATemplate(source, "it has " + fields.size() + " fields; allowed are " + MOST_FIELDS);
    }
    byte[] after = literal.toString().getBytes(UTF_8);
    return new FieldTemplate(source, /* isField= */ false, List.copyOf(fields), after);
  }

  /**
   * Reads the field whose brace is at some index, and adds it to {@code fields}.
   *
   * @param before the text between the field before and this one
   * @return the index after its closing brace
   */
  private static int parseField(String source, int brace, String before, List<Field> fields) {
    Matcher field = FIELD.matcher(source).region(brace, source.length());
    if (!field.lookingAt()) {
      throw notATemplate(
          source, "the { at character " + brace + " has no }; { itself is written {{");
    }
    if (field.group(1).isEmpty()) {
      throw notATemplate(source, "the { at character " + brace + " names no field");
    }
    FieldPath path = FieldPath.parse(field.group(1));
    fields.add(new Field(before.getBytes(UTF_8), path, field.group(2) != null));
    return field.end();
  }

  /** The exception for a source that is no template. */
  private static CorpusException notATemplate(String source, String what) {
    return new CorpusException("\"" + source + "\" is not a template of fields: " + what);
  }

  /** Whether this is one field without braces, whose value may be a list. */
  public boolean isField() {
    return isField;
  }

  /** The paths of the fields, in their order. */
  public List<FieldPath> paths() {
    return paths;
  }

  /** Whether a field, numbered from 0, may be missing or null. */
  public boolean isOptional(int field) {
    return fields.get(field).optional;
  }

  /**
   * Appends the text of a record; strings without change, numbers and booleans as they are written.
   *
   * @param first the number in {@code values} of the first field of this template
   * @return {@link #WHOLE}, or the number, from 0, of the first field that is missing, null, an
   *     object or a list; the text then ends before that field
   */
  public int append(FieldValues values, int first, ByteBuilder out) {
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      out.append(field.before, 0, field.before.length);
      switch (values.kind(first + i)) {
        case STRING, NUMBER, BOOLEAN -> values.append(first + i, out);
        case MISSING, NULL -> {
          if (!field.optional) {
            return i;
          }
        }
        case OBJECT, ARRAY -> {
          return i;
        }
      }
    }
    out.append(after);
    return WHOLE;
  }

  @Override
  public String toString() {
    return source;
  }
}
