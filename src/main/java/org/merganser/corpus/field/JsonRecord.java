package org.merganser.corpus.field;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.corpus.CorpusException;

/**
 * Finds some fields of a JSON object in its bytes, without building other values, and checks the
 * grammar of the complete object. Of a key that occurs twice the last one counts, as in Python's
 * json, JavaScript and Jackson. The caller checks that strings are UTF-8.
 */
public final class JsonRecord extends JsonGrammar implements FieldValues {
  /** The most keys that {@link #firstKeys} lists. */
  private static final int MOST_KEYS = 20;

  /** The most bytes of a key in {@link #firstKeys}. */
  private static final int MOST_KEY_BYTES = 60;

  /** The most fields of a record: a set of fields is a long with a bit for each. */
  private static final int MOST_FIELDS = Long.SIZE;

  /** By field and level, the name in its path; null if the step is an element of a list. */
  private final byte[][] @Nullable [] names;

  /** By field and level, the index of the element; 0 if the step is a name. */
  private final int[][] indexes;

  /** The set of the fields in which an escaped half of a surrogate pair is not replaced. */
  private final long unreplaced;

  /** By field, what the record has. */
  private final Kind[] kinds;

  /** By field, as {@link #start} returns it. */
  private final int[] starts;

  /** By field, as {@link #end} returns it. */
  private final int[] ends;

  /** By field, whether its bytes are in {@link #texts}; else they are in the record. */
  private final boolean[] escaped;

  /** Where the first keys of the object begin in {@link #json}. */
  private final int[] keyStarts = new int[MOST_KEYS];

  /** Where they end. */
  private final int[] keyEnds = new int[MOST_KEYS];

  /** The number of all keys of the object. */
  private int keyCount;

  /** As {@link #top()}. */
  private Kind top = Kind.MISSING;

  /** As {@link #error()}. */
  private @Nullable String error;

  /** As {@link #errorAt()}. */
  private int errorAt;

  /**
   * @param paths of the fields, which are numbered in this order
   * @param replaced the number of fields, the first ones, in which an escaped half of a surrogate
   *     pair becomes U+FFFD
   * @throws CorpusException for more fields than a set of them can have
   */
  public JsonRecord(List<FieldPath> paths, int replaced) {
    super(/* replacing= */ false); // capture sets it for each value
    int fields = paths.size();
    if (fields > MOST_FIELDS) {
      throw new CorpusException(
          "text, id, group, split and kept fields of a record are %s fields in all; at most %s are read"
                  .formatted(fields, MOST_FIELDS)
              + " from JSON: name fewer in corpus and shards");
    }
    unreplaced = ~firstFields(replaced);
    names = new byte[fields][][];
    indexes = new int[fields][];
    for (int f = 0; f < fields; f++) {
      List<FieldPath.Step> steps = paths.get(f).steps();
      names[f] = new byte[steps.size()][];
      indexes[f] = new int[steps.size()];
      for (int i = 0; i < steps.size(); i++) {
        String name = steps.get(i).name();
        names[f][i] = name == null ? null : name.getBytes(UTF_8);
        indexes[f][i] = steps.get(i).index();
      }
    }
    kinds = new Kind[fields];
    starts = new int[fields];
    ends = new int[fields];
    escaped = new boolean[fields];
  }

  /** Whether {@code bytes[from, to)} is one JSON value; else {@link #error} has the reason. */
  public boolean parse(byte[] bytes, int from, int to) {
    int end = parseFirst(bytes, from, to);
    if (end >= 0 && end < to) {
      error = "something follows the value";
      errorAt = end - from;
    }
    return end == to;
  }

  /**
   * Parses the JSON value at the beginning of {@code bytes[from, to)}.
   *
   * @return the place after the value and white space; -1 without a value, with the reason in
   *     {@link #error}
   */
  int parseFirst(byte[] bytes, int from, int to) {
    this.json = bytes;
    this.to = to;
    Arrays.fill(kinds, Kind.MISSING);
    error = null;
    keyCount = 0;
    texts.clear();
    try {
      int p = space(from);
      top = kind(at(p));
      return space(top == Kind.OBJECT ? object(p + 1, 0, firstFields(kinds.length)) : skipValue(p));
    } catch (Malformed e) {
      error = e.getMessage();
      errorAt = e.at - from;
      return -1;
    }
  }

  /** Whether the value is an object; only an object has fields. */
  public boolean isObject() {
    return top == Kind.OBJECT;
  }

  /** The first keys of the object as they are written, for a person. */
  public String firstKeys() {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < Math.min(keyCount, MOST_KEYS); i++) {
      int length = keyEnds[i] - keyStarts[i];
      String key = new String(json, keyStarts[i], Math.min(length, MOST_KEY_BYTES), UTF_8);
      keys.add(length > MOST_KEY_BYTES ? key + "…" : key);
    }
    String more = keyCount > MOST_KEYS ? " and " + (keyCount - MOST_KEYS) + " more" : "";
    return String.join(", ", keys) + more;
  }

  /** What the parsed value is. */
  public Kind top() {
    return top;
  }

  /** Why there is no JSON value, for a person; null if there is one. */
  public @Nullable String error() {
    return error;
  }

  /** The place of the error, in bytes from the value's start. */
  public int errorAt() {
    return errorAt;
  }

  @Override
  public Kind kind(int field) {
    return kinds[field];
  }

  @Override
  public void append(int field, ByteBuilder out) {
    out.append(bytes(field), starts[field], ends[field]);
  }

  /** The array that {@link #start} and {@link #end} of a field refer to, until the next record. */
  public byte[] bytes(int field) {
    return escaped[field] ? texts.bytes() : json;
  }

  /** Where a field's value begins in its {@link #bytes}; for a string, where its text begins. */
  public int start(int field) {
    return starts[field];
  }

  /** Where a field's value ends; for a string, where its text ends. */
  public int end(int field) {
    return ends[field];
  }

  /**
   * Reads the members of an object after its brace.
   *
   * @param level the number of steps that lead to the object
   * @param active the fields whose paths lead to the object
   */
  private int object(int from, int level, long active) throws Malformed {
    int p = space(from);
    if (at(p) == '}') {
      return p + 1;
    }
    while (true) {
      if (at(p) != '"') {
        throw new Malformed("expected a key in quotes", p);
      }
      int text = texts.length();
      int close = string(p + 1);
      if (level == 0) {
        addKey(p + 1, close);
      }
      long hit =
          lastEscaped
              ? fieldsNamed(texts.bytes(), text, texts.length(), level, active)
              : fieldsNamed(json, p + 1, close, level, active);
      p = afterColon(close);
      p = space(hit == 0 ? skipValue(p) : capture(p, level, hit));
      byte c = at(p);
      if (c == '}') {
        return p + 1;
      }
      if (c != ',') {
        throw new Malformed("expected , or }", p);
      }
      p = space(p + 1);
    }
  }

  /** Counts a key of the record, and stores its place if it is one of the first. */
  private void addKey(int start, int end) {
    if (keyCount < MOST_KEYS) {
      keyStarts[keyCount] = start;
      keyEnds[keyCount] = end;
    }
    keyCount++;
  }

  /** Of the active fields, those whose name at a level is the key {@code source[start, end)}. */
  private long fieldsNamed(byte[] source, int start, int end, int level, long active) {
    long hit = 0;
    for (int f = 0; f < names.length; f++) {
      if (contains(active, f)) {
        byte[] name = names[f][level];
        if (name != null
            && name.length == end - start
            && Arrays.equals(source, start, end, name, 0, name.length)) {
          hit |= 1L << f;
        }
      }
    }
    return hit;
  }

  /**
   * Reads the elements of a list after its bracket.
   *
   * @param level the number of steps that lead to the list
   * @param active the fields whose paths lead to the list
   */
  private int array(int from, int level, long active) throws Malformed {
    int p = space(from);
    if (at(p) == ']') {
      return p + 1;
    }
    for (int element = 0; ; element++) {
      long hit = fieldsOfElement(element, level, active);
      p = space(hit == 0 ? skipValue(p) : capture(p, level, hit));
      byte c = at(p);
      if (c == ']') {
        return p + 1;
      }
      if (c != ',') {
        throw new Malformed("expected , or ]", p);
      }
      p = space(p + 1);
    }
  }

  /** Of the active fields, those whose step at a level is the element of a list. */
  private long fieldsOfElement(int element, int level, long active) {
    long hit = 0;
    for (int f = 0; f < names.length; f++) {
      if (contains(active, f) && names[f][level] == null && indexes[f][level] == element) {
        hit |= 1L << f;
      }
    }
    return hit;
  }

  /**
   * Reads the value to which a step of some fields leads: stores it for those whose paths end here,
   * and looks into it for the others.
   *
   * @param level the index of the step in their paths
   * @param hit the fields
   */
  private int capture(int p, int level, long hit) throws Malformed {
    int textStart = texts.length();
    long deeper = 0;
    for (int f = 0; f < names.length; f++) {
      if (contains(hit, f)) {
        kinds[f] = Kind.MISSING; // this value counts, not that of the same key before
        if (names[f].length > level + 1) {
          deeper |= 1L << f;
        }
      }
    }
    Kind kind = kind(at(p));
    replacing = (hit & unreplaced) == 0;
    int next;
    if (kind == Kind.OBJECT && deeper != 0) {
      next = object(p + 1, level + 1, deeper);
    } else if (kind == Kind.ARRAY && deeper != 0) {
      next = array(p + 1, level + 1, deeper);
    } else if (kind == Kind.STRING) {
      next = string(p + 1) + 1;
    } else {
      next = skipValue(p);
    }
    store(hit & ~deeper, kind, p, next, textStart);
    return next;
  }

  /**
   * Stores the value {@code json[p, next)}, which was read last, for some fields.
   *
   * @param fields the set of the fields
   * @param textStart the length of {@link #texts} before the value was read
   */
  private void store(long fields, Kind kind, int p, int next, int textStart) {
    boolean unescaped = kind == Kind.STRING && lastEscaped;
    int quote = kind == Kind.STRING ? 1 : 0;
    for (int f = 0; f < names.length; f++) {
      if (contains(fields, f)) {
        kinds[f] = kind;
        starts[f] = unescaped ? textStart : p + quote;
        ends[f] = unescaped ? texts.length() : next - quote;
        escaped[f] = unescaped;
      }
    }
  }

  /** The set of the first fields. */
  private static long firstFields(int count) {
    return count == MOST_FIELDS ? -1L : (1L << count) - 1;
  }

  private static boolean contains(long fields, int field) {
    return (fields & (1L << field)) != 0;
  }

  /** What a value is by its first byte; a number, if it is malformed. */
  static Kind kind(byte first) {
    return switch (first) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 'n' -> Kind.NULL;
      case 't', 'f' -> Kind.BOOLEAN;
      default -> Kind.NUMBER;
    };
  }
}
