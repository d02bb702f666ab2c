package io.github.childconnector.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.childconnector.conformance.Result;
import io.github.childconnector.conformance.Result.Verdict;
import java.io.PrintWriter;
import java.util.List;

/**
 * The output of {@code adapter-test}: a line for each check as soon as it is known, and a sum.
 *
 * <pre>
 * ok    install
 * skip  rollback – no way back is configured
 * FAIL  full-disk – It ended with 0 although a write failed: cp: … Look at the result of every …
 * 17 ok, 1 failed, 6 skipped
 * </pre>
 *
 * <pre>{@code
 * {"checks": [{"check": "install", "result": "ok", "text": ""}], "ok": 17, "failed": 1, "skipped": 6}
 * }</pre>
 */
final class AdapterTestReport {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private final PrintWriter out;
  private final boolean isJson;

  AdapterTestReport(PrintWriter out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  void add(Result result) {
    if (!isJson) {
      String text = result.text().isEmpty() ? "" : " – " + result.text();
      out.println("%-4s  %s%s".formatted(result.verdict().word(), result.check(), text));
      out.flush();
    }
  }

  void end(List<Result> results) {
    out.println(isJson ? json(results) : sum(results));
    out.flush();
  }

  boolean isGood(List<Result> results) {
    return count(results, Verdict.FAILED) == 0;
  }

  private static long count(List<Result> results, Verdict verdict) {
    return results.stream().filter(result -> result.verdict() == verdict).count();
  }

  private static String sum(List<Result> results) {
    return "%d ok, %d failed, %d skipped"
        .formatted(
            count(results, Verdict.OK),
            count(results, Verdict.FAILED),
            count(results, Verdict.SKIPPED));
  }

  private static String json(List<Result> results) {
    JsonArray checks = new JsonArray();
    results.forEach(result -> checks.add(document(result)));
    JsonObject document = new JsonObject();
    document.add("checks", checks);
    document.addProperty("ok", count(results, Verdict.OK));
    document.addProperty("failed", count(results, Verdict.FAILED));
    document.addProperty("skipped", count(results, Verdict.SKIPPED));
    return GSON.toJson(document);
  }

  private static JsonObject document(Result result) {
    JsonObject document = new JsonObject();
    document.addProperty("check", result.check());
    document.addProperty("result", result.verdict().word());
    document.addProperty("text", result.text());
    return document;
  }
}
