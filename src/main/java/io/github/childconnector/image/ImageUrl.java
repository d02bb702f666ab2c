package io.github.childconnector.image;

import java.net.URI;

/** An address that may be asked for an image; only {@link UrlRule} makes one. */
record ImageUrl(URI uri) {
  private static final int MAX_SHOWN = 160;

  boolean isSecure() {
    return uri.getScheme().equals("https");
  }

  String host() {
    return uri.getHost();
  }

  /** The address as people are shown it: without its query, which may hold a secret. */
  @Override
  public String toString() {
    return shown(uri.toString());
  }

  /** Any text that was given as an address, without user name, query and excessive length. */
  static String shown(String url) {
    String shown = url.replaceFirst("(?s)[?#].*", "").replaceFirst("(?s)//[^/]*@", "//");
    return shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "…";
  }
}
