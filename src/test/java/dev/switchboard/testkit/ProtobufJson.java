package dev.switchboard.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.switchboard.protocol.proto.Command;
import dev.switchboard.protocol.proto.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The binary encoding as the JSON that says the same, so that one test can speak both.
public final class ProtobufJson {
  private ProtobufJson() {}

  /// A command with its length before it.
  public static byte[] command(JsonObject json) {
    var out = new ByteArrayOutputStream();
    try {
      fill(Command.newBuilder(), json).build().writeDelimitedTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  /// All replies of a frame.
  static List<JsonObject> replies(byte[] frame) {
    List<JsonObject> replies = new ArrayList<>();
    var in = new ByteArrayInputStream(frame);
    try {
      for (var next = Reply.parseDelimitedFrom(in);
          next != null;
          next = Reply.parseDelimitedFrom(in)) {
        replies.add(json(next));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return replies;
  }

  private static Message.Builder fill(Message.Builder message, JsonObject json) {
    for (var member : json) {
      FieldDescriptor field = message.getDescriptorForType().findFieldByName(member.getKey());
      if (field.isMapField()) {
        for (var entry : (JsonObject) member.getValue()) {
          var pair = new JsonObject().put("key", entry.getKey()).put("value", entry.getValue());
          message.addRepeatedField(field, fill(message.newBuilderForField(field), pair).build());
        }
      } else if (field.isRepeated()) {
        for (Object part : (JsonArray) member.getValue()) {
          message.addRepeatedField(
              field,
              part instanceof JsonObject object
                  ? fill(message.newBuilderForField(field), object).build()
                  : scalar(field, part));
        }
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        var part = fill(message.newBuilderForField(field), (JsonObject) member.getValue());
        message.setField(field, part.build());
      } else {
        message.setField(field, scalar(field, member.getValue()));
      }
    }
    return message;
  }

  private static Object scalar(FieldDescriptor field, Object value) {
    return switch (field.getJavaType()) {
      case INT -> ((Number) value).intValue();
      case LONG -> ((Number) value).longValue();
      case BYTE_STRING -> ByteString.copyFrom(Json.encode(value), StandardCharsets.UTF_8);
      case BOOLEAN, STRING, FLOAT, DOUBLE, ENUM, MESSAGE -> value;
    };
  }

  private static JsonObject json(Message message) {
    var json = new JsonObject();
    for (var field : message.getAllFields().entrySet()) {
      json.put(field.getKey().getName(), json(field.getKey(), field.getValue()));
    }
    return json;
  }

  private static Object json(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      var members = new JsonObject();
      for (Object entry : (List<?>) value) {
        JsonObject pair = json((Message) entry);
        members.put(pair.getString("key"), pair.getValue("value", new JsonObject()));
      }
      return members;
    }
    if (value instanceof List<?> values) {
      var array = new JsonArray();
      values.forEach(each -> array.add(json((Message) each)));
      return array;
    }
    return switch (value) {
      case Message part -> json(part);
      case ByteString bytes -> payload(bytes);
      default -> value;
    };
  }

  /// A payload, or its text where it is no JSON, as patches are.
  private static Object payload(ByteString bytes) {
    try {
      return Json.decodeValue(Buffer.buffer(bytes.toByteArray()));
    } catch (DecodeException noJson) {
      return bytes.toStringUtf8();
    }
  }
}
