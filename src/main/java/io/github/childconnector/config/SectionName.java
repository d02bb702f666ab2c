package io.github.childconnector.config;

/**
 * What a table is called.
 *
 * @param name in its header, for example {@code child.command}
 * @param path in problems, for example {@code child[plc-1].command}
 * @param isListed whether it is one of a list of tables
 */
record SectionName(String name, String path, boolean isListed) {
  static final SectionName ROOT = new SectionName("", "", false);

  SectionName inner(String key) {
    String quoted = Text.key(key);
    return new SectionName(name.isEmpty() ? quoted : name + "." + quoted, pathOf(key), false);
  }

  SectionName item(String key, String label) {
    return new SectionName(inner(key).name, pathOf(key) + "[" + label + "]", true);
  }

  String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean isRoot() {
    return path.isEmpty();
  }

  String header() {
    return isListed ? "[[" + name + "]]" : "[" + name + "]";
  }
}
