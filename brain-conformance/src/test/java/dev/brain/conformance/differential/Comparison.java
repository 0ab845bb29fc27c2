// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Texts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds every field in which two answers to the same request differ. */
public final class Comparison {
  private static final String ABSENT = "absent";

  private final String where;
  private final List<Difference> differences = new ArrayList<>();

  private Comparison(String where) {
    this.where = where;
  }

  /** The differences of two answers after {@link Normal}; empty when there is none. */
  public static List<Difference> of(String where, Answer etcd, Answer brain) {
    Comparison comparison = new Comparison(where);
    if (!etcd.status().equals(brain.status())) {
      comparison.add("status", etcd.toString(), brain.toString());
    } else if (etcd.message() != null && brain.message() != null) {
      comparison.messages("", Normal.of(etcd.message()), Normal.of(brain.message()));
    }
    return comparison.differences;
  }

  /** The differences of two lists of lines, one below the other. */
  public static List<Difference> ofLines(
      String where, String path, List<String> etcd, List<String> brain) {
    Comparison comparison = new Comparison(where);
    for (int i = 0; i < Math.max(etcd.size(), brain.size()); i++) {
      String left = i < etcd.size() ? etcd.get(i) : ABSENT;
      String right = i < brain.size() ? brain.get(i) : ABSENT;
      if (!left.equals(right)) {
        comparison.add(path + "[" + i + "]", left, right);
      }
    }
    return comparison.differences;
  }

  private void messages(String path, Message etcd, Message brain) {
    if (etcd.equals(brain)) {
      return;
    }
    for (FieldDescriptor field : etcd.getDescriptorForType().getFields()) {
      String at = path.isEmpty() ? field.getName() : path + "." + field.getName();
      if (field.isRepeated()) {
        lists(at, field, etcd, brain);
      } else {
        values(at, field, value(etcd, field), value(brain, field));
      }
    }
    if (!etcd.getUnknownFields().equals(brain.getUnknownFields())) {
      add(
          path + ".unknown",
          etcd.getUnknownFields().toString(),
          brain.getUnknownFields().toString());
    }
  }

  private void lists(String path, FieldDescriptor field, Message etcd, Message brain) {
    int left = etcd.getRepeatedFieldCount(field);
    int right = brain.getRepeatedFieldCount(field);
    for (int i = 0; i < Math.max(left, right); i++) {
      values(
          path + "[" + i + "]",
          field,
          i < left ? etcd.getRepeatedField(field, i) : null,
          i < right ? brain.getRepeatedField(field, i) : null);
    }
  }

  private void values(
      String path, FieldDescriptor field, @Nullable Object etcd, @Nullable Object brain) {
    if (etcd instanceof Message left && brain instanceof Message right) {
      messages(path, left, right);
    } else {
      String left = text(field, etcd);
      String right = text(field, brain);
      if (!left.equals(right)) {
        add(path, left, right);
      }
    }
  }

  private void add(String path, String etcd, String brain) {
    differences.add(new Difference(where, path, etcd, brain));
  }

  private static @Nullable Object value(Message message, FieldDescriptor field) {
    return field.hasPresence() && !message.hasField(field) ? null : message.getField(field);
  }

  private static String text(FieldDescriptor field, @Nullable Object value) {
    return switch (value) {
      case null -> ABSENT;
      case Message message -> "{ " + Texts.oneLine(message) + " }";
      case ByteString bytes -> "\"" + TextFormat.escapeBytes(bytes) + "\"";
      default ->
          field.getJavaType() == FieldDescriptor.JavaType.STRING
              ? "\"" + value + "\""
              : value.toString();
    };
  }
}
