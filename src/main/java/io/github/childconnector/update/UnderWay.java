package io.github.childconnector.update;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The operations that are under way, and how many of them each child has. */
final class UnderWay {
  private final Map<OperationKey, Operation> operations = new ConcurrentHashMap<>();
  private final Map<ChildId, Integer> numbers = new ConcurrentHashMap<>();

  /** The same operations by the keys of all their requests. */
  private final Map<OperationKey, Operation> asked = new ConcurrentHashMap<>();

  void add(Operation operation) {
    operations.put(operation.key(), operation);
    operation.requests().forEach(each -> asked.put(each.request().key(), operation));
    numbers.merge(operation.key().child(), 1, Integer::sum);
  }

  /** Another has asked for an operation. */
  void join(Operation operation, OperationKey request) {
    asked.put(request, operation);
  }

  void remove(Operation operation) {
    operation.requests().forEach(each -> asked.remove(each.request().key(), operation));
    if (operations.remove(operation.key(), operation)) {
      numbers.merge(operation.key().child(), -1, Integer::sum);
    }
  }

  Optional<Operation> find(OperationKey key) {
    return Optional.ofNullable(operations.get(key));
  }

  /** The one for which a request has asked. */
  Optional<Operation> askedBy(OperationKey request) {
    return Optional.ofNullable(asked.get(request));
  }

  boolean contains(OperationKey key) {
    return operations.containsKey(key);
  }

  /** All of them, which may change meanwhile. */
  Collection<Operation> all() {
    return operations.values();
  }

  int size() {
    return operations.size();
  }

  /** How many a child has. */
  int of(ChildId child) {
    return numbers.getOrDefault(child, 0);
  }
}
