package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.routing.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whether the documents are lawful, and name the codes, words and defaults there are.
class ContractTest {
  @Test
  void theOpenApiDocumentIsLawful() {
    // Given
    var official =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder ->
                    builder.schemaIdResolvers(
                        ids ->
                            ids.mapPrefix(
                                "https://spec.openapis.org/", "classpath:spec.openapis.org/")))
            .getSchema(
                SchemaLocation.of("https://spec.openapis.org/oas/3.1/schema-base/2022-10-07"));

    // When
    var faults = official.validate(Contract.OPENAPI.read().toString(), InputFormat.JSON);

    // Then
    assertThat(faults).isEmpty();
  }

  @Test
  void theAsyncApiDocumentIsLawful() {
    // Given
    String schema = ProjectFiles.text(Requirement.asyncApiSchema());
    var official =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(schema);

    // When
    var faults = official.validate(Contract.ASYNCAPI.read().toString(), InputFormat.JSON);

    // Then
    assertThat(faults).isEmpty();
  }

  @Test
  void theErrorsAreThoseOfTheServer() {
    assertThat(Contract.OPENAPI.codes("ErrorCode"))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values())
                .map(code -> code.code() + " " + code.message())
                .toList());
  }

  @Test
  void theCloseCodesAreThoseOfTheServer() {
    assertThat(Contract.ASYNCAPI.codes("CloseCode"))
        .containsExactlyElementsOf(
            Arrays.stream(CloseCode.values())
                .map(code -> code.code() + " " + code.reason())
                .toList());
  }

  @Test
  void theUnsubscribeCodesAreThoseOfTheServer() {
    assertThat(Contract.ASYNCAPI.codes("UnsubscribeCode"))
        .containsExactlyElementsOf(
            Arrays.stream(UnsubscribeCode.values())
                .map(code -> code.code() + " " + code.reason())
                .toList());
  }

  @Test
  void outcomesAndReasonsAreThoseOfTheServer() {
    // When
    JsonNode delivery = Contract.OPENAPI.read().at("/components/schemas/Delivery/properties");

    // Then
    assertThat(delivery.at("/outcome/enum"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(
            Arrays.stream(Delivery.Outcome.values()).map(Delivery.Outcome::label).toList());
    assertThat(delivery.at("/reason/enum"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(
            Arrays.stream(Delivery.Reason.values()).map(Delivery.Reason::label).toList());
  }

  @ParameterizedTest
  @EnumSource
  void theDefaultsAreThoseOfTheConfiguration(Contract document) throws IOException {
    // Given
    JsonNode configuration = new YAMLMapper().readTree(Path.of("conf/switchboard.yaml").toFile());

    // When
    List<Contract.Default> named = document.defaults();

    // Then
    assertThat(named)
        .isNotEmpty()
        .allSatisfy(
            each ->
                assertThat(configuration.at("/" + each.key().replace('.', '/')).asText())
                    .as(each.key())
                    .isEqualTo(each.value()));
  }
}
