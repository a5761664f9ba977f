package org.merganser.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the tree of a job file into records and collects every problem. */
final class JobTree {
  /** Reads the defaults of keys. */
  private static final YAMLMapper YAML = new YAMLMapper();

  /** The most characters of a value in messages. */
  private static final int LONGEST = 200;

  /** The most keys that the error for another file lists. */
  private static final int FIRST_NAMES = 5;

  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,9})? ?%");

  /** Keys that have another place now, with what the error says of them. */
  private static final Map<String, String> MOVED =
      Map.of(
          "shards.pack.beginOfDocument",
          "is shards.beginOfDocument now, which begins each document in every layout");

  private final String folder;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param folder of the job, as in {@link Job#folder}
   */
  JobTree(String folder) {
    this.folder = folder;
  }

  /** The problems so far; a caller may add its own. */
  List<String> problems() {
    return problems;
  }

  /**
   * The section at {@code path} as a record of {@code type}. Null if the section has an error,
   * which is then among the problems.
   */
  <T> @Nullable T section(ObjectNode node, Class<T> type, String path) {
    Map<String, Key> keys = Key.of(type);
    int before = problems.size();
    if (path.isEmpty() && isOtherFile(node, keys.keySet())) {
      return null;
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!keys.containsKey(name)) {
                addUnknown(join(path, shortened(name)), name, keys.keySet());
              }
            });
    Map<String, @Nullable Object> values = new HashMap<>(Map.of("folder", folder));
    for (Key key : keys.values()) {
      values.put(key.name(), value(node.get(key.name()), key, join(path, key.name())));
    }
    return problems.size() == before ? instantiate(type, values) : null;
  }

  /**
   * Whether a file is something else than a job: it has no key of one. That is then the only
   * problem.
   */
  private boolean isOtherFile(ObjectNode node, Collection<String> keys) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(name -> names.add(shortened(name)));
    boolean isTokenizer = names.contains("model") && names.contains("added_tokens");
    if (names.isEmpty()
        || (!isTokenizer && names.stream().anyMatch(name -> isLikely(name, keys)))) {
      return false;
    }
    problems.add(
        isTokenizer
            ? "is a tokenizer.json and no job file; a job names it in tokenizer.load"
            : "has no key of a job file: it has %s; known here: %s"
                .formatted(
                    String.join(", ", names.subList(0, Math.min(names.size(), FIRST_NAMES)))
                        + (names.size() > FIRST_NAMES ? ", …" : ""),
                    String.join(", ", keys)));
    return true;
  }

  /** Whether a name may be meant as a key of a job. */
  private static boolean isLikely(String name, Collection<String> keys) {
    return keys.contains(name)
        || Spelling.nearest(name, keys).isPresent()
        || !elsewhere(name).isEmpty();
  }

  /** A record with these components by name. */
  private static <T> T instantiate(Class<T> type, Map<String, @Nullable Object> values) {
    List<Class<?>> types = new ArrayList<>();
    List<@Nullable Object> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      types.add(component.getType());
      components.add(values.get(component.getName()));
    }
    try {
      return type.getDeclaredConstructor(types.toArray(Class<?>[]::new))
          .newInstance(components.toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + type.getName() + " cannot be made", e);
    }
  }

  /** The section or the keys of other sections with this name, or "". */
  private static String elsewhere(String name) {
    if (Key.of(Job.class).containsKey(name)) {
      return "; %s belongs to no section: begin its line without spaces.".formatted(name);
    }
    List<String> keys =
        Key.all().keySet().stream().filter(key -> key.endsWith("." + name)).toList();
    return keys.isEmpty() ? "" : "; did you mean " + String.join(" or ", keys) + "?";
  }

  /**
   * Adds the problem of an unknown key, with where it is now, the nearest one, or all that are
   * known.
   */
  private void addUnknown(String path, String name, Collection<String> known) {
    String moved = MOVED.get(path);
    if (moved != null) {
      problems.add(path + ": " + moved);
      return;
    }
    String nearest = Spelling.suggestion(name, known);
    if (nearest.isEmpty()) {
      nearest = elsewhere(name);
    }
    String others = nearest.isEmpty() ? "; known here: " : " Known here: ";
    problems.add(path + ": unknown key" + nearest + others + String.join(", ", known));
  }

  /**
   * The value of a key as its record has it; null if it is null, or if there is a problem.
   *
   * @param given null if the section does not have the key
   */
  private @Nullable Object value(@Nullable JsonNode given, Key key, String path) {
    JsonNode node = given;
    if (node == null) {
      if (key.required()) {
        problems.add(path + ": is required and missing. Meaning: " + key.doc());
        return null;
      }
      node = key.defaultValue();
    }
    if (node.isNull()) {
      if (!key.nullable()) {
        return problem(path, node, "must not be empty");
      }
      return null;
    }
    if (key.isList()) {
      return list(node, key, path);
    }
    if (key.map() != null) {
      return map(node, key.map(), key, path);
    }
    return scalar(node, key.type(), key, path);
  }

  private @Nullable Object map(JsonNode node, Key.MapType type, Key key, String path) {
    List<String> known = type.known();
    if (!node.isObject() || (node.isEmpty() && known.isEmpty())) {
      problem(
          path,
          node,
          known.isEmpty()
              ? "must have at least one name with its value, such as {en: 1}"
              : "must be a section with keys " + String.join(", ", known));
    }
    SortedMap<Object, @Nullable Object> values = new TreeMap<>();
    int before = problems.size();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String at = join(path, shortened(entry.getKey()));
      Object name = mapKey(entry.getKey(), type, known, at);
      Object value =
          type.nullable() && entry.getValue().isNull()
              ? null
              : scalar(entry.getValue(), type.values(), key, at);
      if (name != null) {
        values.put(name, value);
      }
    }
    return problems.size() == before ? Collections.unmodifiableSortedMap(values) : null;
  }

  /** A name of a map: a constant of an enum, or the text. */
  private @Nullable Object mapKey(String name, Key.MapType type, List<String> known, String path) {
    if (!type.keys().isEnum()) {
      return name;
    }
    int number = known.indexOf(name);
    if (number < 0) {
      addUnknown(path, name, known);
      return null;
    }
    return type.keys().getEnumConstants()[number];
  }

  private @Nullable Object list(JsonNode node, Key key, String path) {
    if ((key.declared().orOne() && node.isValueNode())
        || (key.declared().orFirstKey() && !node.isArray())) {
      Object only = element(node, key, path);
      return only == null ? null : List.of(only);
    }
    if (!node.isArray()) {
      return problem(path, node, "must be a list, such as [ " + example(key.elementType()) + " ]");
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      values.add(element(node.get(i), key, path + "[" + i + "]"));
    }
    return values.contains(null) ? null : List.copyOf(values);
  }

  /** An element of a list; of a section, it may be only the value of its first key. */
  private @Nullable Object element(JsonNode node, Key key, String path) {
    JsonNode element = node;
    if (key.declared().orFirstKey() && node.isValueNode()) {
      String first = Key.of(key.elementType()).keySet().iterator().next();
      element = JsonNodeFactory.instance.objectNode().set(first, node);
    }
    return scalar(element, key.elementType(), key, path);
  }

  /**
   * One value of a type, which is that of the key, of an element of its list, or of a value of its
   * map.
   */
  private @Nullable Object scalar(JsonNode node, Class<?> type, Key key, String path) {
    if (type.isRecord()) {
      return node instanceof ObjectNode section
          ? section(section, type, path)
          : problem(
              path,
              node,
              "must be a section with keys " + String.join(", ", Key.of(type).keySet()));
    }
    if (type.isEnum()) {
      return constant(node, type, path);
    }
    if (Key.isInteger(type)) {
      return integer(node, type, key, path);
    }
    if (Key.isReal(type)) {
      return real(node, key, path);
    }
    if (type == boolean.class) {
      return bool(node, path);
    }
    if (!node.isValueNode()) {
      return problem(path, node, "must be one text, without brackets");
    }
    if (node.asText().isEmpty()) {
      return problem(path, node, "must be a text that is not empty");
    }
    return node.asText();
  }

  private @Nullable Object bool(JsonNode node, String path) {
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    String no = node.asText().matches("(?i)n|no|off|false|0") ? "; write false" : "";
    String yes = node.asText().matches("(?i)y|yes|on|true|1") ? "; write true" : "";
    return problem(path, node, "must be true or false" + no + yes);
  }

  private @Nullable Object constant(JsonNode node, Class<?> type, String path) {
    for (Enum<?> constant : Key.constants(type)) {
      if (node.isValueNode() && node.asText().equals(Spelling.ofConstant(constant))) {
        return constant;
      }
    }
    List<String> allowed = Key.spellings(type);
    return problem(
        path,
        node,
        "is not allowed; allowed: "
            + String.join(", ", allowed)
            + Spelling.suggestion(node.asText(), allowed));
  }

  private @Nullable Object integer(JsonNode node, Class<?> type, Key key, String path) {
    long min = key.declared().min();
    long max = key.max();
    Long number = node.isNumber() || node.isTextual() ? wholeNumber(node.asText()) : null;
    if (number == null || number < min || number > max) {
      String bounds = bounds(min, min > Long.MIN_VALUE, max, max < Long.MAX_VALUE);
      String examples = node.isTextual() ? ", " + WholeNumber.EXAMPLES : "";
      return problem(
          path,
          node,
          "must be an integer" + bounds + examples + WholeNumber.withoutZeros(node.asText()));
    }
    boolean isInt = type == int.class || type == Integer.class;
    return isInt ? (Object) number.intValue() : number;
  }

  private static @Nullable Long wholeNumber(String text) {
    try {
      return WholeNumber.parse(text);
    } catch (NumberFormatException e) {
      return null; // the caller reports what is allowed
    }
  }

  private @Nullable Object real(JsonNode node, Key key, String path) {
    double least = key.declared().least();
    double most = key.declared().most();
    double value = node.doubleValue();
    String advice = WholeNumber.withoutZeros(node.asText());
    if (PERCENT.matcher(node.asText()).matches()) {
      BigDecimal percent = new BigDecimal(node.asText().replaceFirst(" ?%", ""));
      advice = "; write " + percent.movePointLeft(2).stripTrailingZeros().toPlainString();
    }
    if (!node.isNumber()
        || !advice.isEmpty()
        || !(value >= least && value <= most)) { // NaN fails both comparisons
      String bounds = bounds(least, least >= -Double.MAX_VALUE, most, most <= Double.MAX_VALUE);
      return problem(path, node, "must be a number" + bounds + advice);
    }
    return value;
  }

  /** The bounds of a number for a message; "" if it has none. */
  private static String bounds(Number least, boolean isLeast, Number most, boolean isMost) {
    return (isLeast ? " of at least " + least : "")
        + (isMost ? (isLeast ? " and" : " of") + " at most " + most : "");
  }

  /** An element of a list, for a message. */
  private static String example(Class<?> type) {
    if (type.isEnum()) {
      return Key.spellings(type).get(0);
    }
    return Key.isInteger(type) ? "1000" : "\"…\"";
  }

  /** Notes a problem; the value that has it is null. */
  private @Nullable Object problem(String path, JsonNode node, String what) {
    problems.add(
        (path.isEmpty() ? "the job" : path) + ": " + shortened(node.toString()) + " " + what);
    return null;
  }

  private static String shortened(String value) {
    return value.length() <= LONGEST
        ? value
        : value.substring(0, LONGEST) + "… (" + value.length() + " characters)";
  }

  /** The path of a key in the section at a path. */
  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The value that a default of a key is written as. */
  static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML: " + text, e);
    }
  }
}
