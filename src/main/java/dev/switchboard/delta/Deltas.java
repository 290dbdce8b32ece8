package dev.switchboard.delta;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.UnencodableException;
import java.util.ArrayList;
import java.util.List;

/// Publications in the form in which subscribers with deltas get them. Pure functions.
public final class Deltas {
  /// The name of the one kind of delta there is.
  public static final String FOSSIL = "fossil";

  private Deltas() {}

  /// A publication as a patch against the one before it, or as it is where that is no gain.
  public static Publication patched(Publication before, Publication publication) {
    byte[] patch = Fossil.patch(before.data(), publication.data());
    return patch.length < publication.data().length ? publication.withPatch(patch) : publication;
  }

  /// A publication as an encoding carries it to subscribers with deltas.
  ///
  /// In JSON payloads and patches alike are strings, as a patch is no JSON value.
  ///
  /// @throws UnencodableException when the payload is no JSON
  public static Publication shaped(Publication publication, Encoding encoding)
      throws UnencodableException {
    return switch (encoding) {
      case PROTOBUF -> publication;
      case JSON -> {
        if (!publication.delta()) {
          requireJson(publication);
        }
        yield publication.withData(Json.string(publication.data()));
      }
    };
  }

  private static void requireJson(Publication publication) throws UnencodableException {
    if (!Json.isValue(publication.data())) {
      throw new UnencodableException("payload is not JSON: data");
    }
  }

  /// Publications that follow each other, as they are recovered: the first one whole, each other
  /// one as a patch against the one before it.
  ///
  /// @throws UnencodableException when a payload is no JSON
  public static List<Publication> chain(List<Publication> publications, Encoding encoding)
      throws UnencodableException {
    List<Publication> chain = new ArrayList<>(publications.size());
    Publication before = null;
    for (Publication publication : publications) {
      boolean first = before == null;
      if (!first && encoding == Encoding.JSON) {
        requireJson(publication);
      }
      chain.add(shaped(first ? publication : patched(before, publication), encoding));
      before = publication;
    }
    return chain;
  }
}
