package io.github.childconnector.operation;

/** A firmware as its users name it; the version is compared for equality only. */
public record Firmware(String name, String version) {
  /** Returns for example {@code OpenWRT 22.03}. */
  @Override
  public String toString() {
    return name + " " + version;
  }
}
