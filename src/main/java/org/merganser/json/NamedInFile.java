package org.merganser.json;

/** A constant whose name in a JSON or YAML file cannot be derived from its Java name. */
public interface NamedInFile {

  /** The name in the file. */
  String nameInFile();
}
